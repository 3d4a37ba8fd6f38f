"""How wide the (L+1)ε theorem asks a network to be, how wide it has to be, and what a given width is good for."""

import sympy as sp

from derivations import exponential_tails
from derivations.kernels import relu_ntk
from verify.claim import (
    Certificate,
    Claim,
    Derivation,
    Document,
    ExactLaw,
    Form,
    Mutant,
    Point,
    Role,
    Source,
)
from verify.exact_laws import relu_ntk_diagonal
from verify.experiments.initialisation import ntk
from verify.ledger.initialisation import Theta
from verify.statement import Inequality, Need, ProbabilityBound
from verify.verdict import Verdict

L, m = sp.symbols("L m", integer=True, positive=True)
rho, epsilon, delta, C = sp.symbols("rho epsilon delta C", positive=True)
t = sp.Symbol("t", positive=True)

_ERROR = sp.Abs(ntk - Theta)
_TOLERANCE = (L + 1) * epsilon
_THETA = (Theta, relu_ntk(L, rho))
_EXACT = ExactLaw(name="exact failure law", law=relu_ntk_diagonal)
_ONE_LAYER = ((L, sp.FiniteSet(1)), (rho, sp.FiniteSet(1)))
_DEMAND = L**6 * epsilon**-4 * sp.log(L / delta)
_THEOREM = "$min_(h in [L]) d_h >= Omega(L^6/epsilon^4 log(L\\/delta))$"
_ONE_INPUT = "One hidden layer of width $m$, $x = x'$ of unit norm; all weights independent $cal(N)(0, 1)$."


def _numbers(values: str) -> sp.FiniteSet:
    return sp.FiniteSet(*map(sp.Rational, values.split()))


_WORST = sp.exp(-(epsilon**4) / C)
_ONE_NEURON = (1 - sp.Integral(sp.exp(-t), (t, 0, (1 + epsilon) / 2))) / 2
_CONSTANTS = (C, sp.Interval.open(0, sp.oo))
_LARGE = ((epsilon, 1 + C),)
_SPOTS: tuple[Point, ...] = tuple({C: sp.Rational(value)} for value in ("1/100", "1/3", "1", "10"))


def _restricted(constant: int, epsilons: str) -> ProbabilityBound:
    """The theorem with a constant at one hidden layer, on a grid of ε and δ."""
    return ProbabilityBound(
        deviation=_ERROR,
        bound=_TOLERANCE,
        level=delta,
        width=sp.ceiling(constant * _DEMAND),
        where=(_THETA,),
        domain=(*_ONE_LAYER, (epsilon, _numbers(epsilons)), (delta, _numbers("1/1000 1/100 1/20 1/10 1/2 9/10"))),
    )


IM_LARGE_EPSILON = Claim(
    id="im-neg-thm-init-large-eps",
    title="The (L+1)ε theorem cannot hold for every ε > 0 with one hidden constant",
    source=Source(
        document=Document.IM,
        where="section 2, first theorem",
        printed=f"For any $epsilon > 0$ and $delta in (0,1)$, […] {_THEOREM} […] with probability at least $1 - "
        "delta$, $abs(lr(chevron.l (partial f(theta, x))/(partial theta), (partial f(theta, x'))/(partial theta) "
        "chevron.r) - Theta^((L))(x, x')) <= (L + 1) epsilon$",
    ),
    hypotheses=(
        _ONE_INPUT + " $Omega$ hides a constant $C > 0$: a width of $C L^6 epsilon^(-4) log(L\\/delta)$ is to do.",
        "For each $C$ the theorem is put to the test at $epsilon = 1 + C$, $delta = e^(-epsilon^4\\/C)$, where it says "
        "that one neuron will do: the width demanded is 1.",
        "One neuron is active with probability $1\\/2$; then $hat(Theta)_1 = 4 E$ with a standard exponential $E$. So "
        "for $epsilon > 1$ it fails with probability $1\\/2 thin bb(P)(E > (1 + epsilon)\\/2)$.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="The theorem with the constant $C$ at that $epsilon$ and $delta$.",
            statement=ProbabilityBound(
                deviation=_ERROR,
                bound=_TOLERANCE,
                level=_WORST,
                width=sp.ceiling(C * L**6 * epsilon**-4 * sp.log(L / _WORST)),
                where=(*_LARGE, _THETA),
                domain=(*_ONE_LAYER, (C, _numbers("1/100 1/3 1 3 10"))),
            ),
            routes=(_EXACT,),
        ),
        Form(
            role=Role.CORRECTED,
            remark="Whatever the constant, one neuron fails at least twice as often there as the theorem allows.",
            statement=Inequality(lhs=2 * _WORST, rhs=_ONE_NEURON, where=_LARGE, domain=(_CONSTANTS,)),
            routes=(
                Derivation(
                    name="the exponential function above its tangent",
                    derive=exponential_tails.dominates,
                    spots=_SPOTS,
                ),
                Certificate(name="balls", points=_SPOTS),
            ),
            mutants=(
                Mutant(
                    name="at ε ≤ 1",
                    why_false="At $epsilon = 1\\/(1 + C)$ the $delta$ at which one neuron must do is near 1 for large "
                    "$C$.",
                    change={"where": ((epsilon, 1 / (1 + C)),)},
                ),
                Mutant(
                    name="a tolerance with its fourth power",
                    why_false="Such a tail, $1\\/2 thin e^(-epsilon^4\\/C)$, is a quarter of the left side.",
                    change={"rhs": _ONE_NEURON.subs((1 + epsilon) / 2, epsilon**4 / C)},
                ),
            ),
        ),
        Form(
            role=Role.CORRECTED,
            remark="With $epsilon <= 1$ the constant 10 will do, at these $epsilon$ and $delta$.",
            statement=_restricted(10, "1/20 1/10 1/5 2/5 3/5 4/5 1"),
            routes=(_EXACT,),
            mutants=(
                Mutant(
                    name="without ε ≤ 1",
                    why_false="At $epsilon = 4$, $delta = 1\\/1000$ one neuron is to do, which fails with probability "
                    "$1\\/2 thin e^(-5\\/2) = 0.04$.",
                    change={"domain": _restricted(10, "1/10 1 4").domain},
                ),
                Mutant(
                    name="the constant 1",
                    why_false="At $epsilon = 4\\/5$, $delta = 1\\/10$ it asks for 6 neurons; 12 are needed.",
                    change={"width": sp.ceiling(_DEMAND)},
                ),
            ),
        ),
    ),
    expected=Verdict.REFUTED,
    note="The tail of $hat(Theta)_1$ is exponential, that of the theorem quartic; for $epsilon <= 1$ the width is "
    "never below what an exponential tail needs. With one hidden layer, $x = x'$ and $epsilon = 1$ the failure "
    "probability decays like $e^(-m\\/8.87)$ up to powers of $m$ (Cramér), so no constant below 8.87 serves every "
    "$delta$.",
)

_SMALL_C = (C, _numbers("1 1/100 1/10000 1/1000000"))
_LEVELS = (delta, _numbers("1/100 1/20 1/10"))
_FINE = (epsilon, _numbers("1/4 1/10 1/30 1/100 1/1000"))
_QUADRATIC = sp.ceiling(8 * epsilon**-2 * sp.log(2 / delta))


def _bound(width: sp.Expr, need: Need) -> ProbabilityBound:
    return ProbabilityBound(
        deviation=_ERROR,
        bound=_TOLERANCE,
        level=delta,
        width=width,
        need=need,
        where=(_THETA,),
        domain=(*_ONE_LAYER, _FINE, _LEVELS),
    )


IM_NECESSARY = Claim(
    id="im-claim-eps4-necessary",
    title="To be off by ε a network need not be as wide as 1/ε⁴: the order 1/ε² is what it takes",
    source=Source(
        document=Document.IM,
        where="section 2, after the first theorem",
        printed="one of the problems that could occur with using a finite width deep net to approximate the NTK is "
        "that in order to be off by about $epsilon$, the width has to be at least in the order of $1\\/epsilon^4$, so "
        "it would be difficult to use a finite width deep net as an approximation with a small error.",
    ),
    hypotheses=(
        _ONE_INPUT,
        "Off by about $epsilon$: within the theorem's tolerance $(L + 1) epsilon = 2 epsilon$ with probability $1 - "
        "delta$.",
        "At least in the order of: $m >= C\\/epsilon^4$ with a constant $C > 0$ that does not depend on $epsilon$. For "
        "each $C$ the claim is put to the test at $epsilon = sqrt(C)\\/8$, where $C\\/epsilon^4 = 64\\/epsilon^2$.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="Each constant is refuted by an $epsilon$ of its own. The smallest here stands for all larger ones, "
            "which claim more.",
            statement=ProbabilityBound(
                deviation=_ERROR,
                bound=_TOLERANCE,
                level=delta,
                width=sp.ceiling(C / epsilon**4),
                need=Need.NECESSARY,
                where=((epsilon, sp.sqrt(C) / 8), _THETA),
                domain=(*_ONE_LAYER, _SMALL_C, _LEVELS),
            ),
            routes=(_EXACT,),
        ),
        Form(
            role=Role.CORRECTED,
            remark="The order $1\\/epsilon^2$ is necessary.",
            statement=_bound(sp.ceiling(epsilon**-2), Need.NECESSARY),
            routes=(_EXACT,),
            mutants=(
                Mutant(
                    name="24 times that width",
                    why_false="At $delta = 1\\/20$ a width of $11.6\\/epsilon^2$ does.",
                    change={"width": sp.ceiling(24 * epsilon**-2)},
                ),
                Mutant(
                    name="the order 1/ε³",
                    why_false="At $epsilon = 1\\/1000$ it is 1000 times that of $1\\/epsilon^2$.",
                    change={"width": sp.ceiling(epsilon**-3)},
                ),
            ),
        ),
        Form(
            role=Role.CORRECTED,
            remark="The order $1\\/epsilon^2$ is sufficient.",
            statement=_bound(_QUADRATIC, Need.SUFFICIENT),
            routes=(_EXACT,),
            mutants=(
                Mutant(
                    name="an eighth of that width",
                    why_false="The standard deviation there is more than the tolerance.",
                    change={"width": sp.ceiling(epsilon**-2 * sp.log(2 / delta))},
                ),
                Mutant(
                    name="the order 1/ε^(3/2)",
                    why_false="At $epsilon = 1\\/1000$ it is 32 times less than $1\\/epsilon^2$.",
                    change={"width": sp.ceiling(8 * epsilon ** sp.Rational(-3, 2) * sp.log(2 / delta))},
                ),
                Mutant(
                    name="3 log(1/δ)/ε²",
                    why_false="The smallest width is $3.5$, $3.8$ and $4.3$ times $log(1\\/delta)\\/epsilon^2$ here.",
                    change={"width": sp.ceiling(3 * epsilon**-2 * sp.log(1 / delta))},
                ),
            ),
        ),
    ),
    expected=Verdict.REFUTED,
    note="The theorem says that a width of the order $1\\/epsilon^4$ is enough; nothing in it says that less is not. "
    "At $delta = 1\\/20$ the smallest width is $11.5\\/epsilon^2$, to three digits for all $epsilon$ from $1\\/10$ to "
    "$1\\/1000$: the error is a mean of $m$ independent terms.",
)

CLAIMS = (IM_LARGE_EPSILON, IM_NECESSARY)
