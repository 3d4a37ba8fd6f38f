"""One full gradient flow of a two-layer network, against its integrator in plain NumPy and against gradient descent.

Ours comes with everything a trajectory has: errors, movements, bounds on eigenvalues, the linearised network. Gradient
descent in steps of time h has an error proportional to h, so a run of moderate length says how long one as exact as
ours would take; that time is extrapolated, and the remark says from what.
"""

from collections.abc import Callable, Mapping

import numpy as np

from benchmarks.contenders.serve import TIMES, network
from benchmarks.race import OURS, Result, Work, race
from benchmarks.tables import Row
from numerics.data import Data
from numerics.training.relu_flow import relu_flow
from numerics.training.smooth import train
from numerics.training.two_layer import model

POINTS, DIMENSION, WIDTH, UNTIL = 20, 10, 1 << 14, 120
_RUNS = (
    *(("tanh", POINTS, 1 << power) for power in (10, 12, 14, 16)),
    *(("tanh", points, WIDTH) for points in (10, 40)),
    *(("relu", POINTS, 1 << power) for power in (10, 12, 14)),
)
SETTINGS: list[Work] = [{"activation": sigma, "n": points, "width": width} for sigma, points, width in _RUNS]
STEPS_PER_UNIT = 10
"""Of time, in gradient descent: its steps are below 2/λ_max(K) by a factor of ten or so."""


def flows(pythons: Mapping[str, str], tell: Callable[[str], object]) -> list[Row]:
    """Time whole flows at growing widths and numbers of points."""
    rows: list[Row] = []
    for setting in SETTINGS:
        works = _works(pythons, setting)
        tell(f"{setting}")
        found = race(works, pythons, rounds=3)
        rows += [_row(name, setting, result, found[OURS]) for name, result in found.items()]
    return rows


def _works(pythons: Mapping[str, str], setting: Work) -> dict[str, Work]:
    flow: Work = {"work": "flow", **setting, "d": DIMENSION}
    works: dict[str, Work] = {OURS: {**flow, "until": UNTIL}}
    if setting["activation"] == "tanh":
        works["NumPy"] = works[OURS]
    if "torch" in pythons:
        works["torch"] = {**flow, "steps_per_unit": STEPS_PER_UNIT}
    return works


def _row(name: str, setting: Work, result: Result | str, ours: Result | str) -> Row:
    if isinstance(result, str):
        return Row(contender=name, setting=setting, seconds=None, peak_bytes=None, remark=result)
    seconds, remark = result.seconds, ""
    if name == OURS:
        remark = f"errors of the outputs at most {result.value['error']:.1e}"
    elif name == "NumPy" and isinstance(ours, Result):
        remark = f"outputs at the end differ by {np.abs(np.subtract(result.value['end'], ours.value['end'])).max():.1e}"
    elif name == "torch":
        steps = TIMES[-1] * STEPS_PER_UNIT
        if isinstance(ours, str):
            return Row(
                contender=name,
                setting=setting,
                seconds=None,
                peak_bytes=result.peak_bytes,
                remark=f"{steps} steps take {seconds:.2f} s",
            )
        error = descent_error(setting, result.value["seen"])
        remark = f"{steps} steps take {seconds:.2f} s, error {error:.1e}; extrapolated to t = {UNTIL} and our error"
        seconds *= UNTIL / TIMES[-1] * max(1.0, error / ours.value["error"])
    return Row(contender=name, setting=setting, seconds=seconds, peak_bytes=result.peak_bytes, remark=remark)


def descent_error(setting: Work, seen: list[list[float]]) -> float:
    """The largest distance of gradient descent to the flow at `TIMES`."""
    x, weights, readout, labels = network(int(setting["n"]), DIMENSION, int(setting["width"]))
    distances = []
    for time, outputs in zip(TIMES, seen, strict=True):
        if setting["activation"] == "relu":
            rows, data = np.ascontiguousarray(weights.T), Data(x, labels)
            path = relu_flow(rows, readout, data, time, test_inputs=x[:1], subtract=True).trajectory
        else:
            of = model(str(setting["activation"]), x, x[:1], readout, trained=False)
            path = train(of, weights, labels, time, subtract=True)
        distances.append(float(np.linalg.norm(path.outputs[-1] - outputs)))
    return max(distances)
