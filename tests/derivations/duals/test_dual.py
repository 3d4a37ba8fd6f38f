"""What `dual` makes of an expression: parameters, conditions, refusals, recursions, fixed points."""

import pytest
import sympy as sp

from derivations.chain import Chain
from derivations.duals import NoClosedForm, dual, x
from derivations.duals.closed import covariance
from derivations.duals.ladder import climb
from derivations.duals.moments import a, b, c
from derivations.duals.proof import prove
from derivations.duals.terms import derivative, is_odd, jump, read, write
from derivations.expressions import normal_cdf, relu, step
from derivations.kernels import relu_ntk
from derivations.normal_form import normal_form
from numerics.balls import enclose

rho, slope = sp.symbols("rho lambda", real=True)


def test_the_slope_of_a_leaky_relu_may_stay_open() -> None:
    leaky = relu(x) - slope * relu(-x)
    d = dual(leaky)
    assert d.chain.reaches
    assert normal_form(d.normalisation - 2 / (1 + slope**2)) == 0
    known = slope * c + (1 - slope) ** 2 * dual(relu(x)).formula
    assert normal_form(d.formula - known) == 0


def test_a_frequency_may_stay_open() -> None:
    omega = sp.Symbol("omega", positive=True)
    d = dual(sp.sin(omega * x))
    assert d.chain.reaches
    assert normal_form(d.formula - sp.exp(-(omega**2) * (a + b) / 2) * sp.sinh(omega**2 * c)) == 0


@pytest.mark.parametrize(
    ("f", "same"),
    [
        (sp.Max(x, 0), relu(x)),
        (sp.Piecewise((0, x < 0), (x, True)), relu(x)),
        (sp.Heaviside(x), step(x)),
        ((x + sp.Abs(x)) / 2, relu(x)),
        (relu(x**3), x**2 * relu(x)),
        (-sp.Min(0, -x), relu(x)),
        (x * (1 + sp.erf(x / sp.sqrt(2))) / 2, x * normal_cdf(x)),
        (sp.sin(x) ** 2, (1 - sp.cos(2 * x)) / 2),
    ],
)
def test_the_same_function_has_the_same_dual(f: sp.Expr, same: sp.Expr) -> None:
    assert dual(f).formula == dual(same).formula
    assert dual(f).chain.reaches


@pytest.mark.parametrize(
    ("f", "reason"),
    [
        (relu(x - 1), "bivariate normal"),
        (sp.Max(-1, sp.Min(x, 1)), "bivariate normal"),
        (sp.erf(x + 1), "bivariate normal"),
        (sp.exp(-sp.Abs(x)), "no quadratic polynomial"),
        (sp.exp(x) * step(x), "bivariate normal"),
        (sp.erf(x) ** 2, "two error functions"),
        (sp.tanh(x), "tanh"),
        (sp.log(1 + sp.exp(x)), "log"),
        (sp.sin(x**2), "wave"),
        (sp.sqrt(1 + x**2), "neither polynomial"),
        (relu(slope * x), "the sign of lambda is not known"),
    ],
)
def test_outside_the_families_there_is_a_reason(f: sp.Expr, reason: str) -> None:
    with pytest.raises(NoClosedForm, match=reason):
        dual(f)


@pytest.mark.parametrize("square", [sp.Rational(1, 4), sp.S.One])
def test_a_dual_that_is_infinite_is_refused(square: sp.Expr) -> None:
    with pytest.raises(ValueError, match=r"has no dual at unit variance: .* not below 1/4"):
        dual(sp.exp(square * x**2))


def test_just_below_the_bound_there_is_one() -> None:
    d = dual(sp.exp(sp.Rational(6, 25) * x**2))
    assert d.chain.reaches
    assert normal_form(d.diagonal(sp.S.One) - 5) == 0
    at_one = [need.subs({a: 1, b: 1, c: 1}) for need in d.conditions]
    assert all(need > 0 for need in at_one if need != 0)
    beyond = [need.subs({a: 2, b: 2, c: 2}) for need in d.conditions]
    assert min(beyond) < 0


def test_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="floating-point"):
        dual(0.1 * x)
    with pytest.raises(ValueError, match="not known to be real"):
        dual(sp.Symbol("x") ** 2)
    with pytest.raises(ValueError, match="vanishes"):
        dual(x - x)


@pytest.mark.parametrize("f", [step(x), sp.sign(x), step(x) * (1 + x), step(x) + sp.exp(x)])
def test_a_jump_leaves_no_derivative_covariance(f: sp.Expr) -> None:
    d = dual(f)
    assert d.chain.reaches
    assert d.derivative_dual is None
    assert "point mass" in d.jump
    assert d.recursion.ntk is None
    with pytest.raises(ValueError, match="point mass"):
        d.derivative_at(rho)


def test_terms_read_and_written() -> None:
    for f in (relu(x) ** 3 - x, sp.exp(x) * sp.sin(x), sp.erf(2 * x) * x, step(x) - sp.cos(x)):
        assert read(write(read(f))) == read(f)
    assert write(read(sp.cos(x) ** 2)) == sp.cos(2 * x) / 2 + sp.Rational(1, 2)
    assert jump(read(step(x) * (3 + x))) == 3
    assert derivative(read(relu(x) ** 2)) == read(2 * relu(x))
    assert is_odd(read(sp.erf(x) + sp.sin(x) * sp.exp(-(x**2))))
    assert not is_odd(read(relu(x)))


def test_a_wrong_formula_is_not_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    off = 1 + sp.Rational(1, 10**30)
    for f, module in ((relu(x), "ladder"), (sp.sin(x), "gaussian_integrals")):
        with monkeypatch.context() as patch:
            patch.setattr(f"derivations.duals.{module}.covariance", lambda *sides: off * covariance(*sides))
            chain: Chain = prove(f, None, read(f))
        assert not chain.reaches


def test_the_ladder_takes_two_different_functions() -> None:
    steps = climb("pair", read(relu(x)), read(sp.erf(x) + sp.cos(x)))
    assert all(found.closed for found in steps)


def test_the_recursion_in_depth_is_that_of_the_kernels() -> None:
    d = dual(relu(x))
    point = {"rho": sp.Rational(3, 10), "L": 3}
    at = {symbol: point[symbol.name] for symbol in d.recursion.ntk.free_symbols}
    known = relu_ntk(sp.Integer(3), sp.Rational(3, 10))
    assert enclose(d.recursion.ntk, at).overlaps(enclose(known, {}))
    assert enclose(d.recursion.covariance, {**at, d.recursion.covariance.base: 1}).contains(1)


def test_fixed_points_need_numbers() -> None:
    with pytest.raises(ValueError, match="parameter"):
        _ = dual(relu(x) - slope * relu(-x)).fixed_points
    with pytest.raises(ValueError, match="multiple of x"):
        _ = dual(3 * x).fixed_points
