"""Exact laws of the first layer of a two-layer ReLU network at its start, W iid N(0, 1), enclosed in ball arithmetic.

At an input x the signs of the m pre-activations are fair coins, so the number of active neurons is Bin(m, ½); ‖W‖_F² is
chi-squared with dm degrees of freedom; and m^(-1/2) Σ a_r max(w_r·x, 0) with independent fair signs a_r has, given the
number N of active neurons, the law of √(N/m) ‖x‖ z with z ~ N(0, 1), as a_r w_r·x is independent of the sign of w_r·x.
"""

import flint
from flint import arb, fmpq

Real = arb | fmpq | int
"""An exact number or a ball."""


def coins_outside(m: int, low: Real | None, high: Real | None) -> arb:
    """P(N < low or N > high) for N ~ Bin(m, ½), exactly; an end that is None excludes nothing.

    Raises ArithmeticError if a ball does not say on which side of it an integer lies.
    """
    first = 0 if low is None else max(0, _integer(low, up=True))
    last = m if high is None else min(m, _integer(high, up=False))
    inside = sum((flint.fmpz.bin_uiui(m, count) for count in range(first, last + 1)), flint.fmpz(0))
    return arb(fmpq(2**m - inside, 2**m))


def _integer(end: Real, *, up: bool) -> int:
    """The end rounded to an integer, up or down."""
    if isinstance(end, int | fmpq):
        return int(fmpq(end).ceil() if up else fmpq(end).floor())
    rounded = (end.ceil() if up else end.floor()).unique_fmpz()
    if rounded is None:
        raise ArithmeticError(f"undecided on which side of {end} an integer lies")
    return int(rounded)


def coins_chernoff(m: int, low: Real | None, high: Real | None) -> arb:
    """Chernoff's bound on P(N < m low or N > m high), N ~ Bin(m, ½): e^(-m D(s)) for each end s.

    D(s) = log 2 + s log s + (1 - s) log(1 - s) is the relative entropy, at least 2(s - ½)². The bound decreases in m.
    It holds for any average of such counts too, dependent or not, as the exponential is convex. An end that excludes
    nothing, low <= 0 or high >= 1, counts nothing; one on the wrong side of ½ counts 1.
    """
    total = arb(0)
    for share in (low, None if high is None else 1 - high):
        if share is None or share <= 0:
            continue
        s = arb(share)
        if not 0 < s < 1:
            raise ArithmeticError(f"undecided whether the share {s} lies between 0 and 1")
        entropy = arb(2).log() + s * s.log() + (1 - s) * (1 - s).log()
        total += (-m * entropy).exp() if s < arb("0.5") else arb(1)
    return total


def chi_squared_outside(degrees: int, low: Real | None, high: Real | None) -> arb:
    """P(χ² < low or χ² > high) for that many degrees of freedom; an end that is None excludes nothing."""
    shape, total = arb(degrees) / 2, arb(0)
    if low is not None and low > 0:
        total += 1 - (arb(low) / 2).gamma_upper(shape, regularized=1)  # gamma_lower loses all digits at large shapes
    if high is not None:
        total += (arb(high) / 2).gamma_upper(shape, regularized=1) if high > 0 else arb(1)
    return total


def chi_squared_chernoff(degrees: int, low: Real | None, high: Real | None) -> arb:
    """Chernoff's bound on P(χ² < k low or χ² > k high), k degrees of freedom: (s e^(1-s))^(k/2) for each end s.

    It decreases in k. An end that excludes nothing counts nothing; one on the wrong side of 1 counts 1.
    """
    total = arb(0)
    for end, sign in ((low, -1), (high, 1)):
        if end is None or (sign < 0 and end <= 0):
            continue
        s = arb(end)
        total += (s * (1 - s).exp()) ** (arb(degrees) / 2) if sign * (s - 1) > 0 else arb(1)
    return total


def output_beyond(m: int, tolerance: Real) -> arb:
    """P(|f| > tolerance) of the output f at a unit input, with independent fair signs: Σ_N P(N) erfc(t √(m/(2N)))."""
    total, t = arb(0), arb(tolerance)
    for count in range(1, m + 1):
        weight = arb(fmpq(flint.fmpz.bin_uiui(m, count), flint.fmpz(2) ** m))
        total += weight * (t * (arb(m) / (2 * count)).sqrt()).erfc()
    return total


def output_bound(tolerance: Real) -> arb:
    """A bound on P(|f| > tolerance) at every width m, as N <= m: erfc(t/√2)."""
    return (arb(tolerance) / arb(2).sqrt()).erfc()


def one_of(count: int, probability: arb) -> arb:
    """1 - (1 - p)^count: the probability that one of so many independent events happens."""
    return -((-probability).log1p() * count).expm1() if probability < 1 else arb(1)
