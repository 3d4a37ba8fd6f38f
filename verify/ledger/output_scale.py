"""The scale of the output of Lecture 12's network at the start, and what it takes of the signs of the read-out."""

import sympy as sp

from derivations.expected_sums import by_expectations
from derivations.expressions import Expect, relu
from verify.claim import (
    Certificate,
    Claim,
    Derivation,
    Document,
    ExactLaw,
    Form,
    Measurement,
    Mutant,
    Point,
    Role,
    Route,
    Source,
)
from verify.decide.design import FailureProbability, Scaling
from verify.experiments.first_layer import FIRST_OUTPUTS, initial_output, unsigned_output
from verify.first_layer_laws import output
from verify.ledger._points import family
from verify.quantities import notation
from verify.statement import Direction, Identity, Inequality, ProbabilityBound, Rate
from verify.verdict import Verdict

m = sp.Symbol("m", integer=True, positive=True)
r, s = sp.symbols("r s", integer=True)
z = sp.Symbol("z", real=True)
a = sp.IndexedBase("a", real=True)
C, delta = sp.symbols("C delta", positive=True)
S = sp.Symbol(
    notation("second_moment", typst="bb(E)[S^2]", latex=r"\mathbb E[S^2]", text="E[S²]"),
    real=True,
)
X = sp.Symbol(notation("norm_x", typst="norm(x)", latex=r"\lVert x \rVert", text="‖x‖"), positive=True)


def _mean(of: sp.Expr) -> Expect:
    """E over one pre-activation, w·x ~ N(0, ‖x‖²)."""
    return Expect(of, (z,), [[X**2]])


_SQUARES = sp.Sum(a[r] ** 2, (r, 1, m))
_TOTAL = sp.Sum(a[r], (r, 1, m))
_PAIRS = sp.Sum(a[r] * a[s], (r, 1, m), (s, 1, m)) - _SQUARES
_SECOND_MOMENT = (S, _SQUARES * _mean(relu(z) ** 2) + _PAIRS * _mean(relu(z)) ** 2)
_VARIANCE = X**2 * (sp.S.Half - 1 / (2 * sp.pi))
_VALUE = _VARIANCE * _SQUARES + X**2 * _TOTAL**2 / (2 * sp.pi)
_SIGNS = (a[r], sp.FiniteSet(-1, 1))
_DOMAIN = ((m, sp.S.Naturals), (X, sp.Interval.open(0, sp.oo)), _SIGNS)

_MIXED: tuple[Point, ...] = (
    {m: 3, X: sp.Integer(2), a: family(1, -1, 1)},
    {m: 2, X: sp.Rational(1, 2), a: family(1, 1)},
    {m: 4, X: sp.Integer(1), a: family(1, -1, -1, 1)},
    {m: 5, X: sp.Rational(3, 2), a: family(-1, -1, -1, -1, 1)},
)
_EQUAL: tuple[Point, ...] = tuple(
    {m: width, X: sp.Integer(1), C: sp.Rational(constant), a: family(*[1] * width)}
    for width, constant in ((4, "1/2"), (10, "1"), (100, "10"))
)

_WEIGHTS = "$w_i tilde cal(N)(0, I)$ independent, so that the $w_i^top x tilde cal(N)(0, norm(x)^2)$ are too."
_SUM = (
    "$S = sum_(i=1)^m a_i sigma(w_i^top x)$; $bb(E)[S^2]$ is the mean over the $w_i$, the signs fixed. By independence "
    "the term of two different neurons is $a_r a_s bb(E)[sigma(z)]^2$."
)
_MIXTURE = (
    "With independent fair signs $a_i sigma(w_i^top x)$ is $w_i^top x$, of either sign, where the neuron is active: "
    '$S$ has the law of $sqrt(N) norm(x) z$ with $N tilde "Bin"(m, 1\\/2)$ and $z tilde cal(N)(0, 1)$.'
)


def _exactly(name: str) -> tuple[Route, ...]:
    return (
        Derivation(name=name, derive=by_expectations, spots=_MIXED[:2]),
        Certificate(name="quadrature and summation", points=_MIXED),
    )


_MOMENT_MUTANTS = (
    Mutant(
        name="half of $m$, whatever the signs",
        why_false="That is the mean over independent fair signs; these are not balanced.",
        change={"rhs": X**2 * _SQUARES / 2},
    ),
    Mutant(
        name="as if the signs summed to zero",
        why_false="In the first network they do not.",
        change={"rhs": _VARIANCE * _SQUARES},
    ),
)

# The sum is of the order of √m for some signs, not for all.

_growth = Scaling(
    exponent=0.5,
    shape="half-normal",
    drift=0.03,
    source="exact: S is √N times a normal variable, N binomial; the median over √m is 0.468 at m = 16 and 0.477 at ∞",
)
_unsigned_growth = Scaling(
    exponent=1.0,
    shape="log-normal",
    log_sd=0.45,
    drift=0.03,
    source="independent pilot of 20,000 draws a width: log-sd 0.41 at m = 16 and less beyond, exponents within 0.011",
)

L12_CLAIM_SCALING = Claim(
    id="l12-claim-scaling",
    title="Signs alone do not keep the sum at √m: they have to cancel",
    source=Source(
        document=Document.L12,
        where="section 12.2.1, after (12.2)",
        printed="Since $a_i in {plus.minus 1}$ for all $i$, this implies that $sum_(i=1)^m a_i sigma(w_i^top x) approx "
        "O_(d,n)(sqrt(m))$.",
    ),
    hypotheses=(
        _WEIGHTS,
        _SUM,
        "All the notes say of the signs is 'We initialize $a_i in {plus.minus 1}$'. Printed form: for all such signs, "
        "$O(sqrt(m))$ in the mean square, with whatever constant $C >= 1\\/2$ ($1\\/2$ is the one for independent "
        "fair signs).",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="The order $sqrt(m)$ for any signs.",
            statement=Inequality(
                lhs=S,
                rhs=C * m * X**2,
                where=(_SECOND_MOMENT,),
                domain=(*_DOMAIN, (C, sp.Interval(sp.S.Half, sp.oo))),
            ),
            routes=(Certificate(name="all signs equal", points=_EQUAL),),
        ),
        Form(
            role=Role.CORRECTED,
            remark="For any fixed signs, exactly: it is of the order $m$ if and only if $|sum_i a_i|$ is of the order "
            "$sqrt(m)$ at most, and of the order $m^2$ if all signs are equal.",
            statement=Identity(lhs=S, rhs=_VALUE, where=(_SECOND_MOMENT,), domain=_DOMAIN),
            routes=_exactly("two moments of one neuron, and the sums"),
            mutants=_MOMENT_MUTANTS,
        ),
        Form(
            role=Role.CORRECTED,
            remark="With independent fair signs the sum grows like $sqrt(m)$.",
            statement=Rate(
                quantity=sp.sqrt(m) * sp.Abs(initial_output),
                exponent=sp.S.Half,
                direction=Direction.EXACTLY,
                margin=sp.Rational(1, 4),
                along=m,
            ),
            routes=(Measurement(name="random first layers", experiment=FIRST_OUTPUTS),),
            design=_growth,
            mutants=(
                Mutant(
                    name="with equal signs",
                    why_false="The terms are positive, and their sum is near $m\\/sqrt(2 pi)$.",
                    change={"quantity": sp.sqrt(m) * unsigned_output},
                    design=_unsigned_growth,
                ),
                Mutant(
                    name="like $m$",
                    why_false="The signs cancel.",
                    change={"exponent": sp.S.One},
                ),
            ),
        ),
    ),
    expected=Verdict.REFUTED,
    note="With all $a_i = 1$ the mean square is $m norm(x)^2 (1\\/2 - 1\\/(2 pi)) + m^2 norm(x)^2\\/(2 pi)$: above $C "
    "m$ for any $C$ once $m > 2 pi C$. What the sentence needs is that the $a_i$ are independent fair signs (then the "
    "mean square is $m norm(x)^2\\/2$), or half of them each sign (then $m norm(x)^2 (1\\/2 - 1\\/(2 pi))$, less). "
    "The margin of $1/4$ is half the distance between the two exponents.",
)

# The output is of order one.

_BOUND = sp.sqrt(2 * sp.log(1 / delta))

L12_CLAIM_OUTPUT_O1 = Claim(
    id="l12-claim-output-O1",
    title="With signs that cancel the output at the start is of order one at every width",
    source=Source(
        document=Document.L12,
        where="section 12.2.1, after (12.2)",
        printed="Thus, the scaling factor is needed to obtain $hat(y) = f_theta (x) = O_(d,n)(1)$.",
    ),
    hypotheses=(
        "$f_(theta^0) (x) = 1/sqrt(m) sum_i a_i sigma(w_i^top x)$. " + _WEIGHTS,
        "First form: fixed signs, as in the claim before. The other forms: independent fair signs, $norm(x) = 1$. "
        + _MIXTURE,
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="The mean square of the output, exactly: $norm(x)^2 (1\\/2 - 1\\/(2 pi)) + norm(x)^2 (sum_i a_i)^2 "
            "\\/(2 pi m)$, which is $norm(x)^2\\/2$ in the mean over fair signs.",
            statement=Identity(lhs=S / m, rhs=_VALUE / m, where=(_SECOND_MOMENT,), domain=_DOMAIN),
            routes=_exactly("two moments of one neuron, and the sums"),
            mutants=(
                *(
                    Mutant(name=one.name, why_false=one.why_false, change={"rhs": one.change["rhs"] / m})
                    for one in _MOMENT_MUTANTS
                ),
                Mutant(
                    name="without the scaling factor",
                    why_false="Then it is $m$ times as large.",
                    change={"lhs": S},
                ),
                Mutant(name="with $1\\/m$", why_false="Then it vanishes like $1\\/m$.", change={"lhs": S / m**2}),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="With high probability, with a bound that does not depend on the width.",
            statement=ProbabilityBound(
                deviation=sp.Abs(initial_output),
                bound=_BOUND,
                level=delta,
                width=sp.S.One,
                domain=((delta, sp.FiniteSet(*map(sp.Rational, ("1/10", "1/100", "1/1000000")))),),
            ),
            routes=(ExactLaw(name="exact law", law=output),),
            mutants=(
                Mutant(
                    name="without the scaling factor",
                    why_false="The sum has the standard deviation $sqrt(m\\/2)$.",
                    change={"deviation": sp.sqrt(m) * sp.Abs(initial_output)},
                ),
                Mutant(
                    name="half the bound",
                    why_false="Already a single neuron exceeds it with a probability above $1\\/100$.",
                    change={"bound": _BOUND / 2},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            restates=True,
            remark="Random first layers and signs.",
            statement=ProbabilityBound(
                deviation=sp.Abs(initial_output),
                bound=_BOUND,
                level=delta,
                width=sp.S.One,
                domain=((delta, sp.FiniteSet(sp.Rational(1, 10))),),
            ),
            routes=(Measurement(name="random first layers", experiment=FIRST_OUTPUTS),),
            design=FailureProbability(at_most=0.004, source="the exact law: 0.0034 at m = 16, less beyond"),
            mutants=(
                Mutant(
                    name="without the scaling factor",
                    why_false="The sum has the standard deviation $sqrt(m\\/2)$.",
                    change={"deviation": sp.sqrt(m) * sp.Abs(initial_output)},
                    design=FailureProbability(at_least=0.9, at=(("m", 1024),), source="the exact law"),
                ),
                Mutant(
                    name="with equal signs",
                    why_false="Then the output is near $sqrt(m\\/(2 pi))$.",
                    change={"deviation": sp.Abs(unsigned_output)},
                    design=FailureProbability(at_least=0.999, at=(("m", 1024),), source="central limit theorem"),
                ),
            ),
        ),
    ),
    expected=Verdict.CERTIFIED,
    note="$norm(x)^2\\/2$ is the variance for independent fair signs only; for fixed signs the variance is "
    "$norm(x)^2 (1\\/2 - 1\\/(2 pi))$, and the mean $norm(x) sum_i a_i\\/sqrt(2 pi m)$ is of order one only if the "
    "signs cancel (see l12-claim-scaling).",
)

CLAIMS = (L12_CLAIM_SCALING, L12_CLAIM_OUTPUT_O1)
