"""How many last digits of the stable kernels are right, and how many the formulas in the books lose: against Arb.

An ulp is the distance between neighbouring floating-point numbers at the exact value. For Θ^(L), which vanishes for
some correlations, it is that at the sum of the absolute values of its terms.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import flint
import numpy as np
from flint import arb

from numerics.angles import Correlation, correlations
from numerics.dual_arrays import relu_duals, relu_recursion

_DIGITS = 400
"""The recursion multiplies the radius of a ball near ρ = 1 by 1/√(1 - ρ) at every layer."""


@dataclass(frozen=True)
class Accuracy:
    """The worst errors of one quantity in one region of correlations, in ulps of the precision named."""

    quantity: str
    region: str
    precision: str
    stable: float
    naive: float


def regions(rng: np.random.Generator, draws: int = 200) -> dict[str, np.ndarray]:
    """Correlations to measure at: ±(1 - 10^-k) for k up to 16 with numbers drawn between them, and all of (-1, 1)."""
    powers = np.concatenate([np.arange(1, 17), rng.uniform(0, 16, draws)])
    return {
        "ρ near 1": np.concatenate([[1.0], 1 - 10.0**-powers]),
        "ρ near −1": np.concatenate([[-1.0], -1 + 10.0**-powers]),
        "all ρ": np.concatenate([[0.0], rng.uniform(-1, 1, 2 * draws)]),
    }


def measure(rng: np.random.Generator, *, draws: int = 200, depths: Sequence[int] = (1, 3, 10)) -> list[Accuracy]:
    """Measure κ₀, κ₁, 1 - κ₁ and Θ^(L) in float64 and float32, and 1 - ρ from nearly parallel vectors."""
    rows: list[Accuracy] = []
    with flint.ctx.workdps(_DIGITS):
        for region, points in regions(rng, draws).items():
            kinds = [(kind.__name__, dict(_one(points.astype(kind), depths))) for kind in (np.float64, np.float32)]
            rows += [Accuracy(name, region, kind, *errors[name]) for name in kinds[0][1] for kind, errors in kinds]
        rows.append(_vectors(rng, draws))
    return rows


def approach(steps: Sequence[int] = range(1, 17), depth: int = 3) -> dict[str, tuple[list[float], list[float]]]:
    """Errors in ulps at distance 10^-k from ±1 for every k of `steps`: for each quantity, ours and the naive ones."""
    found: dict[str, tuple[list[float], list[float]]] = {}
    with flint.ctx.workdps(_DIGITS):
        for step in steps:
            for end, name in ((1, "1 − κ₁"), (1, f"Θ^({depth})"), (-1, "κ₁")):
                errors = dict(_one(np.array([end * (1 - 10.0**-step)]), (depth,)))[name]
                for series, error in zip(found.setdefault(f"{name} near {end:+d}", ([], [])), errors, strict=True):
                    series.append(error)
    return found


def _one(rho: np.ndarray, depths: Sequence[int]) -> Iterable[tuple[str, tuple[float, float]]]:
    kind = rho.dtype.type
    exact = [arb(float(r)) for r in rho]
    correlation = Correlation.of(rho)
    stable = relu_duals(correlation)
    naive = _naive_duals(rho)
    for name, of, ours, theirs in zip(("κ₀", "κ₁", "1 − κ₁"), (_k0, _k1, _distance), stable, naive, strict=True):
        values = [of(r) for r in exact]
        yield name, (_worst(ours.astype(kind), values, values), _worst(theirs, values, values))
    for depth in depths:
        pairs = [_exact_recursion(r, depth) for r in exact]
        thetas, sizes = [theta for theta, _ in pairs], [size for _, size in pairs]
        ours = relu_recursion(correlation, depth).ntk.astype(kind)
        yield f"Θ^({depth})", (_worst(ours, thetas, sizes), _worst(_naive_recursion(rho, depth), thetas, sizes))


def _vectors(rng: np.random.Generator, draws: int) -> Accuracy:
    """1 - ρ of vectors an angle of 10^-k apart, k up to 12."""
    stable, naive, exact = [], [], []
    for power in rng.uniform(0, 12, draws):
        x, away = rng.standard_normal((2, 20))
        y = rng.uniform(0.1, 10) * x + 10**-power * away
        u, v = ([arb(float(entry)) for entry in vector] for vector in (x, y))
        inner, squares = _sum(u, v), _sum(u, u) * _sum(v, v)
        exact.append(1 - inner / squares.sqrt())
        stable.append(correlations(x[None], y[None])[0].below_one[0, 0])
        naive.append(1 - (x @ y) / (np.linalg.norm(x) * np.linalg.norm(y)))
    errors = (_worst(np.array(values), exact, exact) for values in (stable, naive))
    return Accuracy("1 − ρ from vectors", "angles down to 1e-12", "float64", *errors)


def _worst(found: np.ndarray, exact: Sequence[arb], scale: Sequence[arb]) -> float:
    """The largest error in ulps; where the exact value is zero anything else is infinitely wrong."""
    worst = 0.0
    for value, true, size in zip(found, exact, scale, strict=True):
        unit = float(np.spacing(found.dtype.type(float(abs(size)))))
        worst = max(worst, abs(float((arb(float(value)) - true) / arb(unit))) if np.isfinite(value) else np.inf)
    return worst


def _naive_duals(rho: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The formulas as they are printed, in the precision of ρ."""
    pi = rho.dtype.type(np.pi)
    slope = (pi - np.arccos(rho)) / pi
    value = (np.sqrt(1 - rho * rho) + rho * (pi - np.arccos(rho))) / pi
    return slope, value, 1 - value


def _naive_recursion(rho: np.ndarray, depth: int) -> np.ndarray:
    """The recursion with Σ carried in floating point; a rounding beyond 1 is cut off, as everybody does."""
    theta = rho
    for _ in range(depth):
        slope, rho, _ = _naive_duals(rho)
        rho = np.minimum(rho, rho.dtype.type(1))
        theta = theta * slope + rho
    return theta


def _exact_recursion(rho: arb, depth: int) -> tuple[arb, arb]:
    """Θ^(L) and the sum of the absolute values of its terms."""
    theta, size = rho, abs(rho)
    for _ in range(depth):
        slope, rho = _k0(rho), _k1(rho)
        theta, size = theta * slope + rho, size * slope + rho
    return theta, size


def _k0(rho: arb) -> arb:
    return 1 - rho.acos() / arb.pi()


def _k1(rho: arb) -> arb:
    return ((1 - rho * rho).sqrt() + rho * (arb.pi() - rho.acos())) / arb.pi()


def _distance(rho: arb) -> arb:
    return 1 - _k1(rho)


def _sum(u: Sequence[arb], v: Sequence[arb]) -> arb:
    return sum((a * b for a, b in zip(u, v, strict=True)), arb(0))
