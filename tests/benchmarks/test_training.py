"""The benchmark of training: contenders follow the same flow, and gradient descent is as far from it as it says."""

import numpy as np
import pytest

from benchmarks.contenders.serve import TIMES, network
from benchmarks.race import OURS, Result, interpreters, race
from benchmarks.training import DIMENSION, SETTINGS, descent_error

SMALL = {"work": "flow", "activation": "tanh", "n": 6, "d": DIMENSION, "width": 2048, "until": 30}


def test_both_integrators_end_at_the_same_outputs():
    found = race({OURS: SMALL, "NumPy": SMALL}, interpreters([]), rounds=1)
    ours, numpy = found[OURS], found["NumPy"]
    assert isinstance(ours, Result)
    assert isinstance(numpy, Result)
    # The same steps but for rounding errors, of which a thousand may add up.
    assert ours.value["end"] == pytest.approx(numpy.value["end"], abs=1e-12)
    assert 0 < ours.value["error"] < 1e-3


def test_the_relu_is_for_us_alone():
    relu = {**SMALL, "activation": "relu", "width": 16, "until": 2}
    found = race({OURS: relu, "NumPy": relu}, interpreters([]), rounds=1)
    assert isinstance(found[OURS], Result)
    assert found["NumPy"] == "ValueError: this integrator is for smooth activations"


def descent(setting, steps_per_unit):
    """Gradient descent by hand: the outputs at `TIMES`."""
    x, weights, readout, labels = network(setting["n"], DIMENSION, setting["width"])
    factor, seen, start = setting["width"] ** -0.5, [], None
    for number in range(TIMES[-1] * steps_per_unit + 1):
        signal = np.tanh(x @ weights)
        outputs = factor * signal @ readout
        start = outputs if start is None else start
        if number in [time * steps_per_unit for time in TIMES]:
            seen.append(list(outputs - start))
        residual = labels - (outputs - start)
        weights = weights + factor / steps_per_unit * (x.T * residual) @ (readout * (1 - signal**2))
    return seen


def test_the_error_of_gradient_descent_halves_with_its_steps():
    setting = {"activation": "tanh", "n": 6, "width": 256}
    coarse, fine = (descent_error(setting, descent(setting, steps)) for steps in (10, 20))
    assert coarse / fine == pytest.approx(2, rel=0.1)


def test_every_setting_is_a_different_one():
    assert len({tuple(setting.values()) for setting in SETTINGS}) == len(SETTINGS)
