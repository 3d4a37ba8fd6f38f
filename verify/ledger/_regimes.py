"""Trained two-layer networks at growing widths: the settings, the symbols, and what pilots found of each quantity."""

import sympy as sp

from verify.claim import Measurement
from verify.decide.design import FailureProbability, Scaling
from verify.experiments.trained_networks import BOTH_LAYERS, FIRST_LAYER, RELU_NETWORKS
from verify.quantities import notation
from verify.statement import Direction, ProbabilityBound, Rate

m = sp.Symbol("m", integer=True, positive=True)
p = sp.Symbol("p", positive=True)
ratio = sp.Symbol(notation("ratio", typst="kappa", latex=r"\kappa", text="κ"), nonnegative=True)

Domain = tuple[tuple[sp.Basic, sp.Set], ...]

KERNEL_SCALING: Domain = ((p, sp.FiniteSet(sp.Rational(1, 2))), (ratio, sp.FiniteSet(0)))
"""The scaling m^(-1/2), at a fixed number of examples."""
MEAN_FIELD: Domain = ((p, sp.FiniteSet(1)), (ratio, sp.FiniteSet(0)))
"""The scaling 1/m."""
WIDE_DATA: Domain = ((p, sp.FiniteSet(sp.Rational(1, 2))), (ratio, sp.FiniteSet(sp.Rational(1, 4))))
"""A quarter as many examples as neurons."""

FLOW = (
    "Gradient flow on $1/2 sum_i (y_i - f(bold(x)_i))^2$, $f(bold(x)) = 1/sqrt(m) sum_r a_r sigma(bold(w)_r^top "
    "bold(x))$, $bold(w)_r tilde cal(N)(0, I)$ and $a_r in {plus.minus 1}$ independent at the start; $n = 8$ fixed "
    "points of the unit sphere, $d = 10$, with the labels $plus.minus 1$, and 20 test points."
)
FIRST = "$sigma = tanh$, the $bold(w)_r$ trained and the $a_r$ fixed, up to $T = 200$."
BOTH = (
    '$sigma = tanh$, both layers trained up to $T = 150$; $hat(f) = f - f_"init"$ in place of $f$, so that '
    "$bold(u)(0) = 0$."
)
RELU = (
    "ReLU networks: the $bold(w)_r$ trained and the $a_r$ fixed, up to $T = 60$; $f$ less its start in place of $f$. "
    "Where a pre-activation is held at 0 the flow slides, in the sense of Filippov, and $bold(K)(t)$ is the matrix of "
    "the sliding flow. $p$ is the exponent of the scaling: $m^(-p)$ stands for $1/sqrt(m)$; $kappa = n\\/m$, or 0 "
    "for $n = 8$."
)
MARGIN = "The margin of $1\\/4$ is half the distance between the exponents that theory offers, $0$, $-1\\/2$ and $-1$."
HALF = (
    "A probability of at most $1\\/2$ says that of the median; with these few networks no smaller one can be told "
    "from zero."
)

ON_FIRST = (Measurement(name="tanh networks, the first layer trained", experiment=FIRST_LAYER),)
ON_BOTH = (Measurement(name="tanh networks, both layers trained", experiment=BOTH_LAYERS),)
ON_RELU = (Measurement(name="ReLU networks", experiment=RELU_NETWORKS),)

PILOT = "independent pilot of 30 to 80 networks a width at other seeds: "


def rate(quantity: sp.Expr, exponent: str, *, domain: Domain = ()) -> Rate:
    """That the median of a quantity goes like m^exponent at most, to within 1/4 of the exponent."""
    return Rate(
        quantity=quantity,
        exponent=sp.Rational(exponent),
        direction=Direction.AT_MOST,
        margin=sp.Rational(1, 4),
        along=m,
        domain=domain,
    )


def seldom(deviation: sp.Expr, bound: sp.Expr, *, width: int, domain: Domain = ()) -> ProbabilityBound:
    """That P(deviation > bound) <= 1/2 from a width on."""
    return ProbabilityBound(
        deviation=deviation, bound=bound, level=sp.Rational(1, 2), width=sp.Integer(width), domain=domain
    )


def found(exponent: float, log_sd: float, drift: float = 0.05) -> Scaling:
    """What the pilot found of a quantity: its exponent, the spread of its logarithm, how far exponents vary."""
    return Scaling(
        exponent=exponent,
        shape="log-normal",
        log_sd=log_sd,
        drift=drift,
        source=f"{PILOT}local exponents within {drift} of {exponent}, standard deviation of the logarithm {log_sd}",
    )


_SELDOM = 0.002
"""More than the chance of a failure where the pilot has none near: its log-normal laws put the bound at 4 deviations of
the logarithm or more, a chance below 1e-4. Pilots of this size cannot count so rare events."""


def never(source: str, chance: float = _SELDOM) -> FailureProbability:
    """That a bound was not exceeded in the pilot, nor nearly so; `source` says by how far."""
    return FailureProbability(at_most=chance, source=PILOT + source)


def always(source: str, chance: float = _SELDOM, **at: int) -> FailureProbability:
    """That a mutated bound was always exceeded in the pilot, and by far, at the cell `at` if one is named."""
    return FailureProbability(at_least=1 - chance, at=tuple(at.items()), source=PILOT + source)
