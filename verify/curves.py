"""The lines of an activation's figure, in double precision: for the eye, never for a verdict."""

from collections.abc import Callable

import flint
import numpy as np
import sympy as sp
from flint import arb

from derivations.correlation_maps import CorrelationMap
from derivations.duals import Dual
from derivations.language import x
from numerics import sketch
from numerics.balls import Evaluator
from verify.dual_result import Curve, Panel

_DEPTHS = (1, 2, 3, 5, 10)
"""The depths drawn beside the one asked for."""
_MOST_LINES = 5


def curves(duals: CorrelationMap, depth: int) -> tuple[Curve, ...]:
    """The lines of the figure: the activation, its duals, and the NTK at several depths."""
    wide = np.linspace(-3, 3, 121)
    f, slope = duals.dual.activation, duals.dual.derivative
    found = [
        _curve("activation", "σ", wide, _values(f, wide)),
        _curve("activation", "σ′", wide, _values(slope, wide)),
    ]
    rho = np.sin(np.linspace(-np.pi / 2, np.pi / 2, 121))
    scale = float(duals.normalisation)
    kappa = scale * _over(duals, rho, f, duals.value)
    found.append(_curve("duals", "c κ(ρ)", rho, kappa))
    if not duals.smooth:
        return tuple(found)
    dot = scale * _over(duals, rho, slope, duals.derivative)
    found.append(_curve("duals", "c κ̇(ρ)", rho, dot))
    depths = sorted({depth, *_DEPTHS[: _MOST_LINES - 1]})
    sigma_, theta = rho.copy(), rho.copy()
    for layer in range(1, max(depths) + 1):
        theta = theta * np.interp(sigma_, rho, dot)
        sigma_ = np.interp(sigma_, rho, kappa)
        theta = theta + sigma_
        if layer in depths:
            found.append(_curve("depth", f"L = {layer}", rho, theta / theta[-1]))
    return tuple(found)


def _over(duals: CorrelationMap, rho: np.ndarray, f: sp.Expr, closed: Callable[[arb], arb]) -> np.ndarray:
    """E[f(u)f(v)] at each correlation: from the closed form, or by a sum in double precision."""
    if not isinstance(duals.dual, Dual):
        return sketch.curve(_values(f, sketch.grid()), rho)
    return np.array([float(closed(arb(float(point))).mid()) for point in rho])


def _values(f: sp.Expr, points: np.ndarray) -> np.ndarray:
    with flint.ctx.workprec(53):
        evaluate = Evaluator({})
        return np.array([float(arb(evaluate.bind({x: arb(float(point))})(f)).mid()) for point in points])


def _curve(panel: Panel, label: str, xs: np.ndarray, ys: np.ndarray) -> Curve:
    return Curve(
        panel=panel,
        label=label,
        x=tuple(round(float(value), 6) for value in xs),
        y=tuple(round(float(value), 6) if np.isfinite(value) else None for value in ys),
    )
