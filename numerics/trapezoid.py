"""Gaussian expectations of functions that are analytic around the real line, by the trapezoid rule.

The rule converges geometrically. Let F = fφ, φ the normal density, with f analytic and |f| <= S where |Re z| <= R and
|Im z| <= η (`numerics.strip`), and let R = (n + 1/2)h with 2π/h > η/2. Then

    |h Σ_(|k|<=n) F(kh) - ∫_(-R)^R F| <= 2 S exp(η²/2)/(exp(2πη/h) - 1) + 4 S φ(R)/(2π/h - η/2).

For the sum is (1/2i)∮ F(z) cot(πz/h) dz around the rectangle, and cot w = ∓i(1 + 2/(exp(∓2iw) - 1)) above and below
the line. On the horizontal edges |exp(∓2iw)| = exp(2πη/h) and ∫|φ(t ± iη)| dt <= exp(η²/2). On the four halves of the
ends exp(∓2πiz/h) = -exp(2πy/h), y = |Im z|, as R is a half-integer multiple of h, and |φ(R + iy)| = φ(R) exp(y²/2):
∫_0^η exp(y²/2)/(1 + exp(2πy/h)) dy <= 1/(2π/h - η/2), since y² <= ηy. What lies beyond R is bounded by the growth of
f on the line. The nodes may be shifted: only their spacing and the ends matter.

Two variables: E[g(u)h(v)] with u = √a·x, v = (c/a)u + s·y, x and y independent. The rule is applied in y for each
node in x, and in x; as the nodes in v are the multiples of one number, each function is evaluated once at each.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import flint
import sympy as sp
from flint import arb

from numerics import elementary as el
from numerics.elementary import Value
from numerics.evaluator import Evaluator
from numerics.growth import Growth
from numerics.strip import Strip, strips

if TYPE_CHECKING:
    from numerics.gaussian import Factor

_MOST_NODES = 2_000_000
_SLACK = 1.3
"""How much further than the tails demand the nodes may go, where the integrand is large off the line."""
_GUARD = 30
"""Bits of working precision beyond those asked for."""


@dataclass(frozen=True)
class _Rule:
    """The rule for f(d·x)φ(x) in x, where f has this strip and η <= half_width/d."""

    eta: arb
    strip: Strip

    @property
    def _height(self) -> float:
        """The logarithm of the bound of f, if it is above 1."""
        return max(0.0, float(self.strip.bound.log().upper()))

    @property
    def step(self) -> float:
        """The spacing at which the error is below the working precision."""
        eta = float(self.eta)
        return 2 * math.pi * eta / (_needed() + eta * eta / 2 + self._height)

    @property
    def end(self) -> float:
        """How far the nodes have to go."""
        return math.sqrt(2 * (_needed() + self._height))

    def error(self, h: arb, R: arb) -> arb:
        """The bound above, for nodes with spacing h on an interval that ends at ±R or beyond."""
        rate = 2 * arb.pi() / h
        edges = 2 * (self.eta * self.eta / 2).exp() / ((rate * self.eta).exp() - 1)
        ends = 4 * (-R * R / 2).exp() / (2 * arb.pi()).sqrt() / (rate - self.eta / 2)
        return (self.strip.bound * (edges + ends)).upper() if rate > self.eta / 2 else el.NAN


class _Nodes:
    """The values of f at the multiples of a spacing, each computed when it is first asked for."""

    def __init__(self, f: sp.Expr, x: sp.Symbol, spacing: float, evaluate: Evaluator) -> None:
        self._f, self._x, self._spacing, self._evaluate = f, x, spacing, evaluate
        self._values: dict[int, arb] = {}

    def __getitem__(self, k: int) -> arb:
        if k not in self._values:
            self._values[k] = arb(self._evaluate.bind({self._x: arb(self._spacing) * k})(self._f))
        return self._values[k]


@lru_cache(maxsize=64)
def _closed_nodes(f: sp.Expr, x: sp.Symbol, spacing: float, _precision: int) -> _Nodes:
    return _Nodes(f, x, spacing, Evaluator({}))


def _nodes(f: Factor, spacing: float, evaluate: Evaluator) -> _Nodes:
    """The values of a function at multiples of a spacing; kept, where it depends on nothing else."""
    if f.function.free_symbols <= {f.variable}:
        return _closed_nodes(f.function, f.variable, spacing, flint.ctx.prec)
    return _Nodes(f.function, f.variable, spacing, evaluate)


def single(f: Factor, evaluate: Evaluator, *, power: int = 0) -> Value | None:
    """Enclose E[f(x)x^power], or return None where f is not analytic in a wide enough strip around the line.

    Raises ValueError where the expectation diverges or is not known to converge, TypeError where the growth of the
    function is not known.
    """
    size = f.growth(evaluate) * Growth(f.deviation**power * arb.fac_ui(power), arb(0), arb(min(power, 1)))
    R = size.cut()
    rule = _rule(f, f.deviation * _furthest(R), f.deviation, evaluate, power)
    if rule is None:
        return None
    R = R.max(arb(rule.end))
    spacing = _dyadic(rule.step * float(f.deviation))
    n = math.ceil(float((f.deviation * R / spacing).upper()))
    if n > _MOST_NODES or not spacing * (n + 1) <= rule.strip.reach:
        return None
    error = rule.error(arb(spacing) / f.deviation, R) + size.tail(R)
    odd = (-1) ** power
    with flint.ctx.workprec(flint.ctx.prec + _GUARD):
        values, total = _nodes(f, spacing, evaluate), arb(0)
        for k, weight in enumerate(_bell(arb(spacing) / f.deviation, n)):
            both = values[k] + odd * values[-k] if k else values[0]
            total += weight * (arb(spacing) * k) ** power * both if power else weight * both
        total *= spacing / (f.deviation * (2 * arb.pi()).sqrt())
    return total + arb(0, error)


def pair(outer: Factor, inner: Factor, c: Value, determinant: Value, evaluate: Evaluator) -> Value | None:
    """Enclose E[g(u)h(v)] for u, v of covariance c; None where a function is not analytic in a wide enough strip.

    `determinant` is that of the covariance. Raises as `single` does.
    """
    variance = el.real(determinant / outer.variance)
    slope = el.real(c / outer.variance)
    if not variance > 0:
        return None
    spread = variance.sqrt()
    tails = _Tails(outer.growth(evaluate), inner.growth(evaluate))
    far_u = outer.deviation * _furthest(tails.outer.cut())
    far_v = abs(slope) * far_u + spread * _furthest(tails.inner.cut())
    rules = [
        _rule(outer, far_u, outer.deviation, evaluate),
        _rule(inner, far_v, abs(slope) * outer.deviation, evaluate),
        _rule(inner, far_v, spread, evaluate),
    ]
    if any(rule is None for rule in rules):
        return None
    g, shifted, across = (rule for rule in rules if rule is not None)
    along = _both(g, shifted)
    return _double(_Plan(outer, inner, slope, spread, along, across, tails), g.strip.reach, evaluate)


@dataclass(frozen=True)
class _Tails:
    """|g(u)h(v)| <= G(x)·H(y): with z the standardised v, z² <= x² + y² and |z| <= |x| + |y|."""

    g: Growth
    h: Growth

    @property
    def inner(self) -> Growth:
        return Growth(self.h.size, self.h.square.max(arb(0)), self.h.linear)

    @property
    def outer(self) -> Growth:
        return self.g * self.inner

    def beyond(self, X: arb, Y: arb) -> arb:
        """Bound E[|g(u)h(v)|; |x| > X or |y| > Y]."""
        alone = Growth(arb(1), self.inner.square, self.inner.linear)
        return self.outer.tail(X) * alone.mean() + self.outer.mean() * alone.tail(Y)


@dataclass(frozen=True)
class _Plan:
    """The two rules of a double sum: `along` for g(u)H(u) in x, `across` for h(v) in y."""

    outer: Factor
    inner: Factor
    slope: arb
    spread: arb
    along: _Rule
    across: _Rule
    tails: _Tails


def _double(plan: _Plan, reach: int, evaluate: Evaluator) -> arb | None:
    deviation, spread = plan.outer.deviation, plan.spread
    X, Y = plan.tails.outer.cut().max(arb(plan.along.end)), plan.tails.inner.cut().max(arb(plan.across.end))
    in_u, in_v = _dyadic(plan.along.step * float(deviation)), _dyadic(plan.across.step * float(spread))
    n = math.ceil(float((deviation * X / in_u).upper()))
    m = math.ceil(float((spread * Y / in_v).upper())) + 1  # one more: the nodes are up to half a spacing off centre
    far = abs(plan.slope) * in_u * (n + 1) + in_v * (m + 1)
    if (2 * n + 1) * (2 * m + 1) > _MOST_NODES or not (in_u * (n + 1) <= reach and far <= plan.across.strip.reach):
        return None
    h_x, h_y = arb(in_u) / deviation, arb(in_v) / spread
    row_error = plan.across.error(h_y, Y) + plan.across.strip.bound * (Y / arb(2).sqrt()).erfc()
    with flint.ctx.workprec(flint.ctx.prec + _GUARD):
        bell, row = _bell(h_x, n), _row(plan, in_v, m, evaluate)
        values = _nodes(plan.outer, in_u, evaluate)
        total, weighed = arb(0), arb(0)
        for k in range(-n, n + 1):
            weight = bell[abs(k)] * values[k]
            total += weight * row(plan.slope * in_u * k)
            weighed += abs(weight)
        scale = h_x / (2 * arb.pi()).sqrt()
        total *= scale * h_y / (2 * arb.pi()).sqrt()
    error = plan.along.error(h_x, X) + scale * weighed * row_error + plan.tails.beyond(X, Y)
    return total + arb(0, error.upper())


def _row(plan: _Plan, spacing: float, m: int, evaluate: Evaluator) -> Callable[[arb], arb]:
    """The function μ ↦ Σ_j h(jk)·exp(-(jk - μ)²/2s²), k the spacing, over the 2m + 1 multiples closest to μ.

    With δ the distance of the middle one from μ, the weights are exp(-δ²/2s²)·p^i·t_i, p = exp(-δk/s²), and the
    t_i = exp(-(ik)²/2s²) are the same for every row.
    """
    bell = _bell(arb(spacing) / plan.spread, m)
    values = _nodes(plan.inner, spacing, evaluate)
    variance = plan.spread * plan.spread

    def at(mu: arb) -> arb:
        middle = round(float(mu.mid()) / spacing)
        off = arb(spacing) * middle - mu
        ratio = (-off * spacing / variance).exp()
        inverse = 1 / ratio
        up, down, total = arb(1), arb(1), values[middle]
        for i in range(1, m + 1):
            up, down = up * ratio, down * inverse
            total += bell[i] * (up * values[middle + i] + down * values[middle - i])
        return (-off * off / (2 * variance)).exp() * total

    return at


def _bell(h: arb, n: int) -> list[arb]:
    """exp(-(kh)²/2) for k = 0, …, n."""
    return [(-(h * k) * (h * k) / 2).exp() for k in range(n + 1)]


def _needed() -> float:
    """How small the errors have to be: the negative logarithm."""
    return (flint.ctx.prec + 4) * math.log(2)


def _furthest(cut: arb) -> arb:
    """How far the nodes may go, where the tails of the integrand are negligible beyond `cut`."""
    return _SLACK * cut.max(arb(math.sqrt(2 * _needed()))) + 1


def _rule(f: Factor, far: arb, scale: arb, evaluate: Evaluator, power: int = 0) -> _Rule | None:
    """The rule with the fewest nodes for f(scale·x plus a real number), times its argument's power; None without one.

    Beyond η = √(2 needed) a wider strip gains nothing, for the density grows like exp(η²/2).
    """
    most = math.sqrt(2 * _needed())
    factor = float(scale.upper())
    best: _Rule | None = None
    highest = (_SLACK**2 - 1) * _needed()
    widest = max(factor * most, 2.0**-5)
    for strip in strips(f.function, f.variable, evaluate, reach=far, widest=widest, highest=highest):
        eta = (strip.half_width / scale.upper()).lower().min(arb(most)) if factor else arb(most)
        largest = strip.reach + strip.half_width
        rule = _Rule(eta, Strip(strip.reach, strip.half_width, strip.bound * largest**power))
        if not rule.end <= _SLACK * math.sqrt(2 * _needed()):
            continue
        if best is not None and rule.end / rule.step >= best.end / best.step:
            break
        best = rule
    return best


def _both(first: _Rule, second: _Rule) -> _Rule:
    """The rule for a product: on the narrower of both strips, with the product of both bounds."""
    narrow = first if first.eta < second.eta else second
    reach = min(first.strip.reach, second.strip.reach)
    return _Rule(narrow.eta, Strip(reach, narrow.strip.half_width, first.strip.bound * second.strip.bound))


def _dyadic(most: float) -> float:
    """The largest of the numbers 2^k and 3·2^k that is not above `most`: so spacings recur, and values are reused."""
    mantissa, exponent = math.frexp(most)  # 1/2 <= mantissa < 1
    return math.ldexp(0.75 if mantissa >= 0.75 else 0.5, exponent)
