"""The analytic kernel matrix Θ^(L) of n inputs: time, and the error of entries against 50 digits."""

from collections.abc import Callable, Mapping, Sequence

import mpmath
import numpy as np

from benchmarks.contenders.serve import inputs, picked
from benchmarks.race import OURS, Result, Work, race
from benchmarks.tables import Row

DIMENSION = 100
SETTINGS = (
    *({"depth": 3, "n": n} for n in (1000, 2000, 5000, 10000)),
    *({"depth": depth, "n": 2000} for depth in (1, 10, 30)),
)


def against_peers(pythons: Mapping[str, str], tell: Callable[[str], object]) -> list[Row]:
    """Time the whole matrix in both precisions."""
    rows = []
    for setting in SETTINGS:
        exact = _entries(setting["n"], setting["depth"])
        for precision in ("float64", "float32"):
            tell(f"{setting} {precision}")
            work: Work = {"work": "gram", **setting, "d": DIMENSION, "precision": precision}
            found = race({name: work for name in pythons if name in {OURS, "neural-tangents"}}, pythons)
            rows += [_row(name, {**setting, "precision": precision}, result, exact) for name, result in found.items()]
    return rows


def _entries(n: int, depth: int) -> list[mpmath.mpf]:
    """The entries the contenders are asked for, of inputs as they are in double precision, to 50 digits."""
    points = inputs(n, DIMENSION)
    with mpmath.workdps(50):
        return [_ntk(points[i], points[j], depth) for i, j in zip(*picked(n), strict=True)]


def _ntk(x: np.ndarray, y: np.ndarray, depth: int) -> mpmath.mpf:
    sizes = [mpmath.sqrt(mpmath.fdot(v.tolist(), v.tolist())) for v in (x, y)]
    size = sizes[0] * sizes[1]
    rho = mpmath.fdot(x.tolist(), y.tolist()) / size if x is not y and not np.array_equal(x, y) else mpmath.mpf(1)
    theta = rho
    for _ in range(depth):
        angle = mpmath.acos(rho)
        slope = 1 - angle / mpmath.pi
        rho = (mpmath.sin(angle) + (mpmath.pi - angle) * rho) / mpmath.pi
        theta = theta * slope + rho
    return theta * size


def _row(name: str, setting: Work, result: Result | str, exact: Sequence[mpmath.mpf]) -> Row:
    if isinstance(result, str):
        return Row(contender=name, setting=setting, seconds=None, peak_bytes=None, remark=result)
    worst = max(float(abs(value - truth)) for value, truth in zip(result.value, exact, strict=True))
    return Row(
        contender=name,
        setting=setting,
        seconds=result.seconds,
        peak_bytes=result.peak_bytes,
        remark=f"largest error of {len(exact)} entries: {worst:.1e}",
    )
