"""Gaussian expectations: against known moments, against closed forms up to the edge, and one route against another."""

from fractions import Fraction

import flint
import pytest
import sympy as sp
from flint import arb, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from derivations.expressions import Expect, normal_cdf, normal_pdf, relu, step
from derivations.kernels import relu_nngp, relu_ntk
from numerics.balls import Evaluator, enclose, is_within
from numerics.gaussian import Factor, by_nested_quadrature, by_quadrature, expectation
from numerics.smoothing import mean

a, b, c, rho = sp.symbols("a b c rho", real=True)
u, v, z = sp.symbols("u v z", real=True)
L = sp.Symbol("L", integer=True)
UNIT = [[1, rho], [rho, 1]]
NEAR = Fraction(1, 10**12)
CORRELATIONS = [
    -1 + NEAR,
    -1 + Fraction(1, 10**6),
    *(Fraction(k, 100) for k in (-99, -90, -70, -50, -25, -1)),
    *(Fraction(k, 100) for k in (1, 25, 50, 70, 90, 99)),
    1 - Fraction(1, 10**6),
    1 - NEAR,
]
CLOSED_FORMS = {
    "relu": (relu(u) * relu(v), (sp.sqrt(1 - rho**2) + rho * (sp.pi - sp.acos(rho))) / (2 * sp.pi)),
    "step": (step(u) * step(v), (sp.pi - sp.acos(rho)) / (2 * sp.pi)),
    "Φ": (normal_cdf(u) * normal_cdf(v), sp.Rational(1, 4) + sp.asin(rho / 2) / (2 * sp.pi)),
    "φ": (normal_pdf(u) * normal_pdf(v), 1 / (2 * sp.pi * sp.sqrt(4 - rho**2))),
    "erf": (sp.erf(u) * sp.erf(v), 2 / sp.pi * sp.asin(2 * rho / 3)),
    "|·|": (sp.Abs(u) * sp.Abs(v), 2 / sp.pi * (sp.sqrt(1 - rho**2) + rho * sp.asin(rho))),
    "GELU": (
        u * normal_cdf(u) * v * normal_cdf(v),
        rho / 4 + rho * sp.asin(rho / 2) / (2 * sp.pi) + 1 / (2 * sp.pi * sp.sqrt(4 - rho**2)),
    ),
}
fractions = st.fractions(Fraction(1, 20), 4, max_denominator=20)


def exactly(expr: sp.Expr, point: dict) -> Fraction:
    value = Evaluator(point).value(expr)
    assert isinstance(value, fmpq), f"{value} is not exact"
    return Fraction(int(value.p), int(value.q))


def double_factorial(n: int) -> int:
    return 1 if n <= 1 else n * double_factorial(n - 2)


# --- one variable ---------------------------------------------------------------------------------------------------


@given(st.integers(0, 12), fractions)
@settings(deadline=None)
def test_moments_are_exact_double_factorials(n, variance):
    moment = exactly(Expect(z**n, (z,), [[a]]), {a: variance})
    assert moment == (0 if n % 2 else double_factorial(n - 1) * variance ** (n // 2))


@given(st.integers(0, 10), fractions)
@settings(deadline=None)
def test_the_quadrature_gives_the_same_moments(n, variance):
    with flint.ctx.workdps(40):
        exact = (
            fmpq(0) if n % 2 else double_factorial(n - 1) * fmpq(variance.numerator, variance.denominator) ** (n // 2)
        )
        ball = by_quadrature(Factor(z**n, z, fmpq(variance.numerator, variance.denominator)), Evaluator({}))
        assert ball.contains(exact)
        assert is_within(ball, 30)


@pytest.mark.parametrize(
    ("function", "value"),
    [(relu(z) ** 2, a / 2), (step(z), sp.Rational(1, 2)), (relu(z) * relu(-z), 0), (sp.Abs(z) ** 2, a)],
)
def test_even_powers_of_kinked_functions_are_exact(function, value):
    variance = Fraction(1, 3)
    assert exactly(Expect(function, (z,), [[a]]), {a: variance}) == exactly(sp.sympify(value), {a: variance})


CLASS = [
    relu(z - 1) * z**2,
    step(sp.Rational(1, 3) - 2 * z) * (1 + z) ** 3,
    step(z + 1) * relu(1 - z) * step(2 - z) * relu(z + 2),
    step(z - 1) * relu(-z - 1) + relu(-z) * relu(-z - 1),
    z**3 * sp.erf(z - 1),
    z * normal_cdf(z).rewrite(sp.erf),
    sp.exp(-(z**2) + z) * relu(z + 1),
    z**2 * sp.exp(z / 3) * sp.erf(1 - z),
    sp.Piecewise((sp.exp(z) - 1, z < 0), (z, True)),
    sp.Max(z, z / 10) * sp.Abs(z - 1),
    sp.Min(z, 1 + z / 2),
]


@pytest.mark.parametrize("function", CLASS, ids=str)
@pytest.mark.parametrize("variance", [fmpq(1, 7), fmpq(2)], ids=str)
def test_the_closed_form_and_the_quadrature_agree(function, variance):
    with flint.ctx.workdps(40):
        evaluate = Evaluator({})
        closed = mean(function, z, variance, evaluate)(fmpq(0))
        by_rule = by_quadrature(Factor(function, z, variance), evaluate)
        assert closed.overlaps(by_rule)
        assert is_within(closed, 30)
        assert is_within(by_rule, 30)


@given(st.sampled_from(CLASS), fractions, st.fractions(-2, 2, max_denominator=10))
@settings(deadline=None, max_examples=30)
def test_the_closed_form_away_from_the_centre_is_the_mean_of_the_shifted_function(function, variance, centre):
    with flint.ctx.workdps(40):
        evaluate, spread = Evaluator({}), fmpq(variance.numerator, variance.denominator)
        closed = mean(function, z, spread, evaluate)(fmpq(centre.numerator, centre.denominator))
        shifted = function.subs(z, z + sp.Rational(centre.numerator, centre.denominator))
        assert closed.overlaps(by_quadrature(Factor(shifted, z, spread), evaluate))


def test_functions_without_a_closed_form_are_integrated():
    """E[tanh(z)²] = 1 - E[tanh'(z)] = 1 - E[z tanh(z)] by Stein's lemma."""
    both = [enclose(Expect(f, (z,), [[1]]), {}) for f in (sp.tanh(z) ** 2, 1 - z * sp.tanh(z))]
    assert both[0].overlaps(both[1])
    assert all(is_within(ball, 30) for ball in both)


def test_the_sigmoid_has_mean_one_half():
    assert enclose(Expect(1 / (1 + sp.exp(-z)), (z,), [[3]]), {}).contains(fmpq(1, 2))


def test_a_variance_of_zero_leaves_the_value_at_zero():
    assert exactly(Expect(3 + step(z) + relu(z - 1), (z,), [[0]]), {}) == 4


def test_a_negative_variance_is_refused():
    with pytest.raises(ValueError, match="a variance -1 is negative"):
        enclose(Expect(z, (z,), [[-1]]), {})


@pytest.mark.parametrize("function", [sp.exp(z**2), sp.tanh(z) * sp.exp(z**2 / 2)])
def test_an_expectation_that_diverges_is_refused(function):
    with pytest.raises(ValueError, match="diverges, or is not known to converge"):
        enclose(Expect(function, (z,), [[1]]), {})


def test_a_function_of_unknown_growth_is_named():
    with pytest.raises(TypeError, match=r"no bound is known for the growth of exp\(exp\(z"):
        enclose(Expect(sp.tanh(z) * sp.exp(sp.exp(z)), (z,), [[1]]), {})


def test_a_kink_at_a_curve_is_refused():
    with pytest.raises(TypeError, match="is not at an affine function of z"):
        enclose(Expect(relu(z**2 - 1), (z,), [[1]]), {})


# --- two variables --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CLOSED_FORMS)
@pytest.mark.parametrize("correlation", CORRELATIONS, ids=lambda q: f"{float(q):.4g}")
def test_the_closed_forms_hold_up_to_the_edge(name, correlation):
    integrand, closed = CLOSED_FORMS[name]
    by_definition = enclose(Expect(integrand, (u, v), UNIT), {rho: correlation})
    assert by_definition.overlaps(enclose(closed, {rho: correlation}, digits=60))
    assert by_definition.rad() <= arb("1e-30")


@pytest.mark.parametrize("name", CLOSED_FORMS)
@pytest.mark.parametrize("correlation", [-1, 0, 1])
def test_the_closed_forms_hold_where_the_variables_coincide_or_part(name, correlation):
    integrand, closed = CLOSED_FORMS[name]
    assert enclose(Expect(integrand, (u, v), UNIT), {rho: correlation}).overlaps(enclose(closed, {rho: correlation}))


def test_the_arc_cosine_kernel_of_any_covariance():
    """E[relu relu] = √(ab)(√(1 - ρ²) + ρ(π - acos ρ))/(2π), ρ = c/√(ab)."""
    r = c / sp.sqrt(a * b)
    closed = sp.sqrt(a * b) * (sp.sqrt(1 - r**2) + r * (sp.pi - sp.acos(r))) / (2 * sp.pi)
    for point in ({a: 3, b: Fraction(1, 7), c: Fraction(-1, 2)}, {a: Fraction(1, 10**6), b: 10**6, c: Fraction(9, 10)}):
        ball = enclose(Expect(relu(u) * relu(v), (u, v), [[a, c], [c, b]]), point)
        assert ball.overlaps(enclose(closed, point))
        assert is_within(ball, 30)


@given(st.integers(0, 4), st.integers(0, 4), st.sampled_from(CORRELATIONS))
@settings(deadline=None)
def test_mixed_moments_follow_from_isserlis_theorem(i, j, correlation):
    """E[uⁱvʲ] is the coefficient of the generating function exp(s²/2 + ρst + t²/2)."""
    known = sum(
        Fraction(factorial(i) * factorial(j), factorial(k) * 2 ** ((i + j) // 2 - k))
        * correlation**k
        / (factorial((i - k) // 2) * factorial((j - k) // 2))
        for k in range(min(i, j) + 1)
        if (i - k) % 2 == 0 and (j - k) % 2 == 0
    )
    ball = enclose(Expect(u**i * v**j, (u, v), UNIT), {rho: correlation})
    with flint.ctx.workdps(100):
        assert ball.contains(fmpq(Fraction(known).numerator, Fraction(known).denominator))


def factorial(n: int) -> int:
    return int(sp.factorial(n))


def test_sums_of_products_are_taken_apart():
    leaky = [relu(w) - relu(-w) / 10 for w in (u, v)]
    whole = enclose(Expect(leaky[0] * leaky[1], (u, v), UNIT), {rho: Fraction(1, 2)})
    closed = CLOSED_FORMS["relu"][1]
    parts = (1 + sp.Rational(1, 100)) * closed - 2 * closed.subs(rho, -rho) / 10
    assert whole.overlaps(enclose(parts, {rho: Fraction(1, 2)}))
    assert is_within(whole, 30)


def test_exponentials_of_both_variables_are_taken_apart():
    """E[exp(u + v)] = exp(Var(u + v)/2)."""
    assert enclose(Expect(sp.exp(u + v), (u, v), UNIT), {rho: Fraction(1, 3)}).overlaps(
        enclose(sp.exp(1 + rho), {rho: Fraction(1, 3)})
    )


def test_the_roles_are_exchanged_when_only_one_factor_has_a_closed_form():
    """E[v tanh(u)] = ρ E[u tanh(u)], either way round."""
    known = enclose(rho * Expect(u * sp.tanh(u), (u,), [[1]]), {rho: Fraction(3, 5)})
    for integrand in (v * sp.tanh(u), u * sp.tanh(v)):
        assert enclose(Expect(integrand, (u, v), UNIT), {rho: Fraction(3, 5)}).overlaps(known)


@given(
    st.sampled_from(CLASS), st.sampled_from(CLASS), st.fractions(Fraction(-9, 10), Fraction(9, 10), max_denominator=99)
)
@settings(deadline=None, max_examples=30)
def test_either_variable_may_be_integrated_first(g, h, correlation):
    g_of_u, h_of_v, g_of_v, h_of_u = g.subs(z, u), h.subs(z, v), g.subs(z, v), h.subs(z, u)
    one = enclose(Expect(g_of_u * h_of_v, (u, v), [[2, rho], [rho, 1]]), {rho: correlation})
    other = enclose(Expect(h_of_u * g_of_v, (u, v), [[1, rho], [rho, 2]]), {rho: correlation})
    assert one.overlaps(other)
    assert is_within(one, 30)
    assert is_within(other, 30)


def test_a_quadrature_within_a_quadrature_agrees_with_the_closed_form():
    with flint.ctx.workdps(15):
        evaluate, covariance = Evaluator({}), fmpq(1, 2)
        nested = by_nested_quadrature(
            Factor(relu(u), u, fmpq(1)), Factor(sp.erf(v), v, fmpq(1)), covariance, fmpq(3, 4), evaluate
        )
        closed = expectation(relu(u) * sp.erf(v), (u, v), [[fmpq(1), covariance], [covariance, fmpq(1)]], evaluate)
        assert nested.overlaps(closed)
        assert nested.rad() < 1e-12


def test_factors_without_a_closed_form_are_integrated_twice():
    """d/dρ E[tanh(u)tanh(v)] is E[tanh'(u)tanh'(v)], so the kernel at ρ = 1/2 lies between its chords."""
    ball = enclose(Expect(sp.tanh(u) * sp.tanh(v), (u, v), UNIT), {rho: Fraction(1, 2)}, digits=10, max_digits=20)
    square = enclose(Expect(sp.tanh(z) ** 2, (z,), [[1]]), {})
    slope = enclose(Expect(1 - sp.tanh(z) ** 2, (z,), [[1]]), {})
    assert slope**2 / 2 < ball < square / 2
    assert is_within(ball, 10)


# --- singular and impossible covariances ----------------------------------------------------------------------------


@pytest.mark.parametrize("variance", [Fraction(1, 3), 2])
def test_coinciding_variables_are_exact(variance):
    same = [[a, a], [a, a]]
    assert exactly(Expect(relu(u) * relu(v), (u, v), same), {a: variance}) == Fraction(variance) / 2
    assert exactly(Expect(step(u) * step(v), (u, v), same), {a: variance}) == Fraction(1, 2)


def test_opposite_variables_never_meet():
    assert exactly(Expect(relu(u) * relu(v), (u, v), [[a, -a], [-a, a]]), {a: Fraction(1, 3)}) == 0


def test_a_covariance_singular_as_an_expression_is_recognised_though_its_entries_are_irrational():
    ball = enclose(Expect(relu(u) * relu(v), (u, v), [[sp.pi, sp.pi], [sp.pi, sp.pi]]), {})
    assert ball.overlaps(enclose(sp.pi / 2, {}))
    assert is_within(ball, 30)


def test_proportional_variables():
    ball = enclose(Expect(relu(u) * step(v - 1), (u, v), [[1, 2], [2, 4]]), {})
    assert ball.overlaps(enclose(Expect(relu(z) * step(2 * z - 1), (z,), [[1]]), {}))


def test_a_variable_without_variance_is_zero():
    assert exactly(Expect((2 + u) * step(u) * relu(v) ** 2, (u, v), [[0, 0], [0, 1]]), {}) == 1
    assert exactly(Expect((2 + u) * step(v), (u, v), [[0, 0], [0, 0]]), {}) == 2


def test_independent_variables_factor():
    assert exactly(Expect(step(u) * step(v), (u, v), UNIT), {rho: 0}) == Fraction(1, 4)


@pytest.mark.parametrize("entries", [[[1, 2], [2, 1]], [[-1, 0], [0, 1]], [[0, 1], [1, 1]]])
def test_a_covariance_that_is_not_positive_semidefinite_is_refused(entries):
    with pytest.raises(ValueError, match="is not positive semi-definite"):
        enclose(Expect(u * v, (u, v), entries), {})


def test_a_covariance_that_is_not_symmetric_is_refused():
    with pytest.raises(ValueError, match="is not symmetric"):
        enclose(Expect(u * v, (u, v), [[1, 0], [rho, 1]]), {rho: Fraction(1, 2)})


def test_an_integrand_that_mixes_the_variables_is_refused():
    with pytest.raises(TypeError, match="no sum of products"):
        enclose(Expect(relu(u + v), (u, v), UNIT), {rho: 0})


# --- recursions in depth --------------------------------------------------------------------------------------------


def test_the_kernel_recursion_from_its_definition_agrees_with_the_arc_cosine_recursion():
    value = sp.Rational(1, 2)
    for _ in range(3):
        value = 2 * CLOSED_FORMS["relu"][1].subs(rho, value)
    ball = enclose(relu_nngp(L, rho), {L: 3, rho: Fraction(1, 2)})
    assert ball.overlaps(enclose(value, {}))
    assert is_within(ball, 30)


def test_on_the_diagonal_the_kernels_are_exact_at_any_depth():
    assert exactly(relu_nngp(L, rho), {L: 20, rho: 1}) == 1
    assert exactly(relu_ntk(L, rho), {L: 20, rho: 1}) == 21
