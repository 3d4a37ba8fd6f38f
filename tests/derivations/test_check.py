"""Steps close exactly when what they state is true and the rule they name applies."""

import pytest
import sympy as sp

from derivations import check
from derivations.chain import Rule
from derivations.expressions import relu, step

x, y = sp.symbols("x y", real=True)
a = sp.Symbol("a", positive=True)
n = sp.Symbol("n", integer=True, nonnegative=True)
k = sp.Symbol("k", integer=True)
TINY = sp.Rational(1, 10**30)
GAUSSIAN = sp.exp(-(x**2) / (2 * a**2)) / (sp.sqrt(2 * sp.pi) * a)


def test_an_identity_closes_and_a_false_one_keeps_its_residual() -> None:
    assert check.identity("i", "", (x + 1) ** 2, x**2 + 2 * x + 1).closed
    assert check.identity("i", "", (x + 1) ** 2, x**2 + 2 * x).residual == 1
    assert check.identity("i", "", x * (1 + TINY), x).residual == TINY * x


def test_a_derivative_is_carried_out() -> None:
    assert check.derivative("d", "", x**2 * y, (x, y), 2 * x).closed
    assert check.derivative("d", "", x**2 * y, x, 2 * x).residual == 2 * x * y - 2 * x


def test_function_names_stand_for_their_meaning() -> None:
    p = sp.Function("p")
    meaning = {p: sp.Lambda((x, a), GAUSSIAN)}
    assert check.derivative("heat", "", p(x, a), a, a * sp.Derivative(p(x, a), x, x), meaning=meaning).closed
    assert not check.derivative("heat", "", p(x, a), a, sp.Derivative(p(x, a), x, x), meaning=meaning).closed
    assert not check.derivative("heat", "", p(x, a), a, a * sp.Derivative(p(x, a), x, x)).closed


def test_an_integral_closes_with_the_right_antiderivative_and_value() -> None:
    integral = sp.Integral(GAUSSIAN, (x, 0, sp.oo))
    primitive = sp.erf(x / (a * sp.sqrt(2))) / 2
    assert check.definite_integral("i", "", integral, primitive, sp.S.Half).closed
    assert check.definite_integral("i", "", integral, primitive + 7, sp.S.Half).closed
    assert check.definite_integral("i", "", integral, primitive, sp.S.Half + TINY).residual == -TINY
    assert not check.definite_integral("i", "", integral, (1 + TINY) * primitive, sp.S.Half).closed


@pytest.mark.parametrize(
    ("integrand", "primitive", "value", "culprit"),
    [
        (1 / x**2, -1 / x, -2, x),
        (1 / x, sp.log(x), 0, x),
        (sp.sign(x), sp.Abs(x), 0, x),
        (step(x), relu(x), 1, step(x)),
        (1 / sp.sqrt(x), 2 * sp.sqrt(x), 0, x),
        (1 / (x - sp.Rational(1, 3)), sp.log(x - sp.Rational(1, 3)), 0, x - sp.Rational(1, 3)),
    ],
)
def test_an_integral_across_a_singularity_does_not_close(
    integrand: sp.Expr, primitive: sp.Expr, value: int, culprit: sp.Expr
) -> None:
    found = check.definite_integral("i", "", sp.Integral(integrand, (x, -1, 1)), primitive, sp.Integer(value))
    assert found.residual == culprit


def test_an_integral_may_have_a_singularity_at_an_end() -> None:
    integral = sp.Integral(1 / sp.sqrt(1 - x**2), (x, -1, 1))
    assert check.definite_integral("i", "", integral, sp.asin(x), sp.pi).closed


def test_symbols_of_bounded_range_are_run_through_by_a_positive_parameter() -> None:
    q = sp.Symbol("q", positive=True)
    integral = sp.Integral(1 / sp.sqrt(1 - x**2), (x, 0, y))
    assert not check.definite_integral("i", "", integral, sp.asin(x), sp.asin(y)).closed
    assert check.definite_integral("i", "", integral, sp.asin(x), sp.asin(y), running={y: (q - 1) / (q + 1)}).closed


def test_integrals_are_equal_if_their_integrands_are_and_their_regions() -> None:
    one = sp.Integral(sp.sin(x) ** 2, (x, 0, 1))
    assert check.integrands("e", "", one, sp.Integral(1 - sp.cos(x) ** 2, (x, 0, 1))).closed
    assert not check.integrands("e", "", one, sp.Integral(1 - sp.cos(x) ** 2, (x, 0, 2))).closed
    assert not check.integrands("e", "", one, sp.Integral(sp.cos(x) ** 2, (x, 0, 1))).closed


def test_the_sign_cases_prove_the_identities_of_the_relu() -> None:
    assert check.cases("c", "", relu(x), x * step(x), x).closed
    assert check.cases("c", "", relu(x) + relu(-x), sp.Abs(x), x).closed
    assert check.cases("c", "", relu(x * a), a * relu(x), x).closed
    assert check.cases("c", "", relu(x) * step(-y), relu(x) * (1 - step(y)), (x, y), almost_everywhere=True).closed


def test_each_sign_case_counts() -> None:
    assert str(check.cases("c", "", relu(x), x, x).residual) == "x"
    assert check.cases("c", "", step(x), 1 - step(-x), x).residual == 1
    off_zero = check.cases("c", "", step(x), 1 - step(-x), x, almost_everywhere=True)
    assert (off_zero.closed, off_zero.lemma) == (True, "null set")
    assert not check.cases("c", "", relu(x), x * step(x) * (1 + TINY), x).closed


def test_sign_cases_are_refused_for_complex_variables() -> None:
    with pytest.raises(ValueError, match="real"):
        check.cases("c", "", sp.Symbol("z") ** 2, sp.S.Zero, sp.Symbol("z"))


def test_a_sign_is_established_by_assumptions() -> None:
    assert check.nonnegative("s", "", x**2 + a).closed
    assert check.nonnegative("s", "", (x + y) ** 2).closed
    assert check.nonnegative("s", "", x**2 - a).residual == x**2 - a


def test_a_limit_is_evaluated() -> None:
    assert check.limit("l", "", sp.Limit(x**3 * sp.exp(-a * x), x, sp.oo), sp.S.Zero).closed
    assert not check.limit("l", "", sp.Limit((1 + 1 / x) ** x, x, sp.oo), sp.Integer(3)).closed


def test_a_lemma_has_to_be_one_of_the_trust_base() -> None:
    assert check.by_lemma("l", "", x, y, "Fubini").closed
    with pytest.raises(ValueError, match="no lemma is called 'wishful thinking'"):
        check.by_lemma("l", "", x, y, "wishful thinking")


def test_a_consequence_uses_closed_steps_only() -> None:
    f, g = sp.Function("f")(x), sp.Function("g")(x)
    known = check.identity("known", "", f, g, modulo=[f - g])
    wrong = check.identity("wrong", "", f, g)
    assert check.consequence("c", "", f**2, g**2, [known]).closed
    assert not check.consequence("c", "", f**2, g**2, [wrong]).closed


def test_an_induction_closes_if_both_its_cases_do() -> None:
    numbers = sp.Sum(k, (k, 0, n))
    assert all(part.closed for part in check.induction("g", "", numbers, n * (n + 1) / 2, n))


@pytest.mark.parametrize(
    ("wrong", "closed"),
    [
        (n * (n + 1) / 2 + 1, (False, True)),
        (n**2, (True, False)),
        (n * (n + 1) / 2 + n * TINY, (True, False)),
        (n * (n + 1) / 2 + n * (n - 1) * (n - 2), (True, False)),
    ],
)
def test_either_case_of_an_induction_can_fail(wrong: sp.Expr, closed: tuple[bool, bool]) -> None:
    base, following, whole = check.induction("g", "", sp.Sum(k, (k, 0, n)), wrong, n)
    assert (base.closed, following.closed) == closed
    assert not whole.closed
    assert whole.rule is Rule.INDUCTION


def test_an_induction_needs_an_index_that_counts() -> None:
    with pytest.raises(ValueError, match="nonnegative integer"):
        check.induction("g", "", x, x, x)
