"""What is found out about one activation, as plain data: the contents of `dual.json`."""

from decimal import Decimal, localcontext
from typing import Literal

from verify.evidence import Ball, Formula, Model

Phase = Literal["order", "edge of chaos", "chaos", "undecided"]
"""What a layer does to two inputs that are almost the same: χ < 1, χ = 1, χ > 1, or χ too close to 1 to tell."""
Panel = Literal["activation", "duals", "depth"]


class SeriesTerm(Model):
    """The coefficient of one power of ρ in E[σ(u)σ(v)]."""

    formula: Formula | None
    """In closed form, if there is one."""
    value: Ball


class FixedPoint(Model):
    """A correlation that a layer leaves as it is."""

    rho: Ball
    slope: Ball | None
    """f' there; None where it is infinite."""
    kind: str
    """"attracting", "repelling" or "marginal"."""


class Row(Model):
    """Values at one correlation."""

    rho: str
    covariance: Ball
    """E[σ(u)σ(v)]."""
    derivative: Ball | None
    """E[σ'(u)σ'(v)]; None if σ jumps."""
    deep_covariance: Ball
    """Σ^(L)."""
    deep_ntk: Ball | None
    """Θ^(L); None if σ jumps, or where no bound was found."""
    agrees: bool | None
    """Whether the closed forms agree with the definition, enclosed by quadrature; None without closed forms."""


class Curve(Model):
    """A line of the figure, in double precision."""

    panel: Panel
    label: str
    x: tuple[float, ...]
    y: tuple[float | None, ...]


class DualResult(Model):
    """An activation, its duals, and what they make of deep networks."""

    format: Literal["ntk-verify dual"] = "ntk-verify dual"
    version: Literal[1] = 1
    expression: str
    """As it was typed."""
    canonical: str
    """The same for two texts that mean the same expression."""
    activation: Formula
    derivative: Formula
    closed_form: bool
    family: str
    """The family of the closed form, or how the numbers are found."""
    reason: str
    """Why there is no closed form; empty if there is one."""
    jump: str
    """Why there is no tangent kernel; empty if there is one."""
    covariance: Formula | None
    """E[σ(u)σ(v)] at correlation ρ."""
    derivative_covariance: Formula | None
    general: tuple[Formula, ...]
    """Both for Var u = a, Var v = b, Cov(u, v) = c, and the diagonal a = b = c."""
    conditions: tuple[Formula, ...]
    """What has to be positive for them to hold."""
    normalisation: Formula | None
    normalisation_value: Ball
    """c_σ = 1/E[σ(z)²]."""
    series: tuple[SeriesTerm, ...]
    series_rest: Ball
    """What is left of E[σ(u)σ(v)] is at most |ρ|^(N+1) times the upper end of this."""
    slope: Ball | None
    """χ, the slope of a layer at ρ = 1; None where it is infinite."""
    phase: Phase
    fixed_points: tuple[FixedPoint, ...]
    recursion: tuple[Formula, ...]
    depth: int
    digits: int
    rows: tuple[Row, ...]
    curves: tuple[Curve, ...]
    proof_steps: int
    """Steps of the derivation; 0 without one."""
    proved: bool
    lemmas: tuple[str, ...]
    """The theorems the derivation names and does not check."""
    proof_file: str
    """Empty where there is a proof file, else why there is none."""
    seconds: float


_LONG = 21
"""Numbers with more digits before the point than these are printed with an exponent."""


def digits_of(ball: Ball, most: int = 40) -> str:
    """The digits of a number that a ball leaves no doubt about, up to one unit in the last of them.

    >>> digits_of(Ball(mid="0.33333333333", rad="1e-6")), digits_of(Ball(mid="-2.5", rad="0"))
    ('0.33333', '-2.5')
    >>> digits_of(Ball(mid="2.718281828459045e300", rad="1e280"), 5)
    '2.7183e+300'
    """
    mid, rad = Decimal(ball.mid), Decimal(ball.rad)
    if not rad.is_finite():
        return "?"
    exact = rad == 0
    if abs(mid) <= rad and not exact:
        return f"0 ± {rad:.0e}"
    lead = mid.adjusted()
    last = lead - most + 1 if exact else max(lead - most + 1, (2 * rad).adjusted() + 1)
    if last > lead:
        return f"{mid:.1e} ± {rad:.0e}"
    with localcontext(prec=200):
        shown = mid.quantize(Decimal(1).scaleb(last if lead >= _LONG else min(last, 0)))
    text = format(shown, "f") if -6 < lead < _LONG else format(shown, "e")
    if "." not in text or "e" in text:
        return text
    stripped = text.rstrip("0").rstrip(".")
    return stripped if exact or len(stripped) + 6 < len(text) else text
