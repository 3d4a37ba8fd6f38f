"""The exact law of the empirical tangent kernel with one hidden ReLU layer, at x = x' of unit norm.

In the network f(x) = √(2/m) Σ_r v_r max(w_r·x, 0) with all weights iid N(0, 1), z_r = w_r·x is N(0, 1) and

    Θ̂ = ‖∂f/∂v‖² + ‖∂f/∂W‖² = (2/m) Σ_r max(z_r, 0)² + (2/m) Σ_r v_r² 1[z_r > 0] = (2/m) Σ_{r: z_r > 0} (z_r² + v_r²).

The number N of active neurons is Bin(m, ½). The sign of z_r is independent of z_r² and of v_r, so given N every active
neuron adds an independent chi-squared variable with two degrees of freedom, which is twice a standard exponential:

    Θ̂ = (4/m) Gamma(N, 1),  N ~ Bin(m, ½),  with Θ̂ = 0 for N = 0 (an atom of probability 2^-m).

Its mean is 2, the limiting kernel, and its variance (16/m²)(E N + Var N) = 12/m. Tails follow from counting Poisson
arrivals: P(Gamma(N, 1) > x) = P(Poisson(x) < N), which holds for N = 0 too.
"""

import math

import flint
import numpy as np
from scipy import stats
from scipy.special import gammainc

Real = flint.arb | flint.fmpq | flint.fmpz | float | int
"""A number with a meaning beyond double precision, or a double, which is taken to be exact."""


def failure_probability(m: int, tolerance: Real, prec: int = 128) -> flint.arb:
    """Enclose P(|Θ̂ - 2| > tolerance) at width `m`, where `tolerance` > 0.

    With x± = (2 ± tolerance) m/4 it is E[P(Poisson(x₊) < N)] + E[P(Poisson(x₋) >= N)], the second term only if
    tolerance < 2: the atom at 0 fails then, and at distance exactly 2 it does not. The expectations are sums over
    |N - m/2| <= k; the rest of the binomial law weighs at most 2 exp(-2k²/m) (Hoeffding), which with the k chosen is
    below 2^-prec and is added to the enclosure. The radius is of that order, absolute.
    Raises ValueError if the tolerance is not positive, or an inexact ball that contains 2.
    """
    with flint.ctx.workprec(prec + 32):
        tolerance = flint.arb(tolerance)
        if m < 1 or not tolerance > 0:
            raise ValueError(f"need a width of at least 1 and a positive tolerance, not {m} and {tolerance}")
        if not (tolerance < 2 or tolerance >= 2):
            raise ValueError(f"undecided on which side of 2 the tolerance {tolerance} lies")
        reach = math.isqrt(math.ceil(m * (prec + 1) * math.log(2) / 2)) + 1
        first, last = max(0, m // 2 - reach), min(m, m // 2 + 1 + reach)
        cut = first > 0 or last < m
        total = _expected_count_below(m, first, last, m * (2 + tolerance) / 4)
        if tolerance < 2:
            lower = m * (2 - tolerance) / 4
            total += _weight(m, first, last) - _expected_count_below(m, first, last, lower)
        rest = flint.arb(0).union(flint.arb(2) ** -prec) if cut else flint.arb(0)
        return total + rest


def _expected_count_below(m: int, first: int, last: int, x: flint.arb) -> flint.arb:
    """Enclose Σ P(Bin(m, ½) = N) P(Poisson(x) < N) over first <= N <= last, by the recursions of both laws in N."""
    weight = flint.arb.bin_uiui(m, first) * flint.arb(2) ** -m
    below = x.gamma_upper(flint.arb(first), regularized=1) if first > 0 else flint.arb(0)
    atom = (-x + first * x.log() - flint.arb(first + 1).lgamma()).exp()
    total = flint.arb(0)
    for count in range(first, last + 1):
        total += weight * below
        below += atom
        atom = atom * x / (count + 1)
        weight = weight * (m - count) / (count + 1)
    return total


def _weight(m: int, first: int, last: int) -> flint.arb:
    """Enclose P(first <= Bin(m, ½) <= last)."""
    weight, total = flint.arb.bin_uiui(m, first) * flint.arb(2) ** -m, flint.arb(0)
    for count in range(first, last + 1):
        total += weight
        weight = weight * (m - count) / (count + 1)
    return total


def cdf(m: int, x: np.ndarray | float) -> np.ndarray:
    """P(Θ̂ <= x) at width `m` in double precision, absolute error about 1e-14; `x` of any shape."""
    spread = 9 * math.sqrt(m) / 2 + 1
    counts = np.arange(max(1, math.floor(m / 2 - spread)), min(m, math.ceil(m / 2 + spread)) + 1)
    weights = stats.binom.pmf(counts, m, 0.5)
    x = np.asarray(x, dtype=float)
    positive = np.maximum(x, 0).reshape(-1)
    result = np.array([weights @ gammainc(counts, m * value / 4) for value in positive]).reshape(x.shape)
    return np.where(x < 0, 0.0, result + 0.5**m)


def chernoff_bound(m: int, tolerance: Real, prec: int = 128) -> flint.arb:
    """Enclose Chernoff's bound on P(|Θ̂ - 2| > tolerance), which decreases in the width m.

    mΘ̂/4 is a sum of m independent variables B·E with B a fair bit and E a standard exponential, whose moment
    generating function is M(s) = ½ + ½/(1 - s) for s < 1. With a± = (2 ± tolerance)/4 the bound is
    (M(s₊) e^(-s₊a₊))^m + (M(s₋) e^(-s₋a₋))^m, the second term only if tolerance < 2. Any 0 < s₊ < 1 and s₋ < 0 will do;
    those taken solve (1 - s)(2 - s) = 1/a, rounded, and are the best. Both bases are below 1.
    """
    with flint.ctx.workprec(prec + 32):
        tolerance = flint.arb(tolerance)
        total = flint.arb(0)
        for a in ((2 + tolerance) / 4, (2 - tolerance) / 4):
            if a <= 0:
                continue
            if not a > 0:
                raise ArithmeticError(f"undecided on which side of 2 the tolerance {tolerance} lies")
            s = flint.arb((3 - math.sqrt(1 + 4 / float(a.mid()))) / 2)
            base = (1 + 1 / (1 - s)) / 2 * (-s * a).exp()
            if not base < 1:
                raise ArithmeticError(f"Chernoff's bound does not decrease at the tolerance {tolerance}")
            total += base**m
        return total


def least_failure_probability(first: int, last: int, tolerance: Real, prec: int = 128) -> flint.arb:
    """Return a lower bound, valid at every width m with first <= m <= last, of P(|Θ̂ - 2| > tolerance).

    Gamma(n, 1) has a density of at most p(n) = (n-1)^(n-1) e^(1-n)/Γ(n), which decreases in n, and |Θ̂ - 2| <= tolerance
    says that it lies in an interval of length m·tolerance/2. So for any n0 >= 1

        P(|Θ̂ - 2| <= tolerance) <= P(N < n0) + (m·tolerance/2) p(n0),

    where the first term decreases in m, and is at most exp(-2k²/first) if n0 - 1 <= first/2 - k (Hoeffding). Here k is
    about (3/2)√first, and 2^-first stands for the first term if n0 = 1. Useful from a width of some dozens on.
    """
    with flint.ctx.workprec(prec + 32):
        if not 1 <= first <= last:
            raise ValueError(f"the widths from {first} to {last} are none")
        fewest = max(1, (first - 3 * (math.isqrt(first) + 1)) // 2 + 1)
        reach = flint.arb(first) / 2 - (fewest - 1)
        missed = (-2 * reach**2 / first).exp() if fewest > 1 else flint.arb(2) ** -first
        order = flint.arb(fewest)
        density = ((order - 1) * (order - 1).log() - (order - 1) - order.lgamma()).exp() if fewest > 1 else flint.arb(1)
        held = missed + last * flint.arb(tolerance) / 2 * density
        return 1 - flint.arb(held.upper())


def least_width(tolerance: Real, level: Real) -> int:
    """Return the smallest width at which P(|Θ̂ - 2| > tolerance) <= level, by bisection.

    That the probability decreases in the width is taken for granted: it is seen wherever it was computed, not proved.
    """
    high = 1
    while not failure_probability(high, tolerance) <= flint.arb(level):
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if failure_probability(middle, tolerance) <= flint.arb(level) else (middle, high)
    return high
