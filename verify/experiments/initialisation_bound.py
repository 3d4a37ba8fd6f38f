"""Random ReLU networks as wide as the (L+1)ε theorem asks, L⁶ε⁻⁴ log(L/δ), and at the widths compared with it."""

import math

from numerics.dense import measure as dense
from numerics.wide import measure as wide
from verify.experiment import Experiment, Parameters, Profile
from verify.experiments import cells

DELTA = 0.05
"""The failure probability at which the theorem is tested."""
BATCH = 480
"""Draws of a batch: without a failure among them, nine trials at a time are decided at the level 1/20."""
_LOOKS = (1, 2, 4, 8, 16)


def demanded(depth: int, epsilon: float) -> int:
    """The width the theorem asks for with the constant 1: ⌈L⁶ε⁻⁴ log(L/δ)⌉ at δ = 1/20.

    >>> demanded(1, 0.3), demanded(2, 0.1), demanded(3, 0.1)
    (370, 2360883, 29847772)
    """
    return math.ceil(depth**6 * epsilon**-4 * math.log(depth / DELTA))


def _cell(depth: int, epsilon: float, m: int, rho: float) -> Parameters:
    return {"L": depth, "rho": rho, "epsilon": epsilon, "draws": BATCH, "m": m}


def _demanded(rho: float, points: tuple[tuple[int, float], ...]) -> tuple[Parameters, ...]:
    return tuple(_cell(depth, epsilon, demanded(depth, epsilon), rho) for depth, epsilon in points)


def _narrow(rho: float) -> tuple[Parameters, ...]:
    """A width of order log(L/δ)/ε, which only mutants ask for."""
    return (_cell(1, 0.1, math.ceil(10 * math.log(1 / DELTA)), rho),)


_GRID = tuple((depth, epsilon) for depth in (1, 2, 3) for epsilon in (0.1, 0.2, 0.3))
_QUICK = tuple(point for point in _GRID if demanded(*point) < 10**6)
"""Two inputs cost time that grows like the width; one input costs none."""

RELU_NTK_DIAGONAL = Experiment(
    id="relu-ntk-diagonal-law",
    title="Empirical NTK of random ReLU networks with one hidden layer, at a single unit input",
    yields="samples",
    measure=dense.empirical_ntk,
    cells={
        Profile.QUICK: cells({"L": 1, "rho": 1.0, "draws": 20000}, (16,)),
        Profile.FULL: cells({"L": 1, "rho": 1.0, "draws": 80000}, (16, 64)),
    },
)

DEMANDED_DIAGONAL = Experiment(
    id="relu-ntk-at-the-demanded-width-diagonal",
    title="NTK of random ReLU networks at one unit input, as wide as the (L+1)ε theorem asks with the constant 1",
    yields="samples",
    measure=wide.relu_ntk,
    cells={profile: (*_narrow(1.0), *_demanded(1.0, _GRID)) for profile in Profile},
    looks=dict.fromkeys(Profile, _LOOKS),
)

DEMANDED = Experiment(
    id="relu-ntk-at-the-demanded-width",
    title="NTK of random ReLU networks at two unit inputs, as wide as the (L+1)ε theorem asks with the constant 1",
    yields="samples",
    measure=wide.relu_ntk,
    cells={
        Profile.QUICK: (*_narrow(0.5), *_demanded(0.5, _QUICK)),
        Profile.FULL: (*_narrow(0.5), *_demanded(0.5, _GRID)),
    },
    looks=dict.fromkeys(Profile, _LOOKS),
)

DEPTHS = Experiment(
    id="relu-ntk-diagonal-depths",
    title="NTK of random ReLU networks at one unit input, of one width and several depths",
    yields="samples",
    measure=wide.relu_ntk,
    cells={
        Profile.QUICK: tuple({"L": depth, "rho": 1.0, "draws": 10000, "m": 2**24} for depth in (4, 16, 64, 256)),
        Profile.FULL: tuple({"L": depth, "rho": 1.0, "draws": 40000, "m": 2**24} for depth in (4, 16, 64, 256)),
    },
)


def _needed(depth: int, epsilon: float) -> tuple[Parameters, ...]:
    """The widths 24 L ε⁻², 24 ε⁻² and, at the largest depth, 24 √L ε⁻²."""
    growths = {1, depth} | ({math.isqrt(depth)} if depth == 64 else set())
    return tuple(_cell(depth, epsilon, math.ceil(24 * growth / epsilon**2), 1.0) for growth in sorted(growths))


NEEDED = Experiment(
    id="relu-ntk-diagonal-needed-width",
    title="NTK of random ReLU networks at one unit input, at widths of order L/ε²",
    yields="samples",
    measure=wide.relu_ntk,
    cells={
        profile: tuple(
            cell for depth in (1, 2, 4, 8, 16, 32, 64) for epsilon in (0.1, 0.3) for cell in _needed(depth, epsilon)
        )
        for profile in Profile
    },
    looks=dict.fromkeys(Profile, _LOOKS),
)
