"""Trained two-layer networks inside the kernel regime and outside it: how wide, how scaled, on how much data.

The measurements are those of `trajectory.summary`, and how near kernel regression and the nearest solution come.
"""

from dataclasses import replace
from functools import cache

import numpy as np

from numerics.data import TestedData, sphere
from numerics.streams import Columns, Parameters, standard_normals
from numerics.training.limits import kernel
from numerics.training.relu_flow import relu_flow
from numerics.training.relu_measure import limit_kernel as relu_limit_kernel
from numerics.training.smooth import train
from numerics.training.trajectory import Trajectory, stacked, summary
from numerics.training.two_layer import initial, model

TESTS = 20
"""Points at which tanh networks are compared with kernels: of few, a network may by chance be right at all."""


def tanh_networks(parameters: Parameters, rng: np.random.Generator) -> tuple[Columns, Columns]:
    """Train tanh networks by gradient flow; return (columns, errors), one entry for each of the `draws`.

    f = m^(-1/2) Σ_r a_r tanh(w_r·x), W iid N(0, 1), the signs a iid uniform on ±1, on ½ Σ_i (f(x_i) - y_i)² at `n`
    points of the unit sphere of R^d and labels ±1 (`sphere_with_tests`), over [0, T]. Parameters: `m`, `n`, `d`, `T`,
    `draws`, the `tolerance` of the steps, `readout` (1: a is trained too), `subtract` (1: the outputs at the start are
    subtracted).

    Columns: those of `trajectory.summary`, `least_norm` as in `least_norm`, and `limit_lowest` = λ_min(K_∞). Errors as
    in `smooth_measure`.
    """
    trained = bool(parameters["readout"])
    problem = sphere_with_tests(int(parameters["n"]), int(parameters["d"]))
    limit, prediction = _tanh_limits(int(parameters["n"]), int(parameters["d"]), trained)
    entries = []
    for _ in range(int(parameters["draws"])):
        weights, readout = initial(rng, int(parameters["m"]), problem.inputs.shape[1])
        path = train(
            model("tanh", problem.inputs, problem.test_inputs, readout, trained=trained),
            np.vstack([weights, readout]) if trained else weights,
            problem.labels,
            float(parameters["T"]),
            subtract=bool(parameters["subtract"]),
            tolerance=float(parameters["tolerance"]),
        )
        columns, errors = summary(path, prediction)
        entries.append((columns | {"least_norm": least_norm(path), "limit_lowest": limit}, errors))
    return stacked(entries)


def relu_networks(parameters: Parameters, rng: np.random.Generator) -> tuple[Columns, Columns]:
    """Train the first layer of ReLU networks by gradient flow; return (columns, errors), one entry for each draw.

    f = α m^(-p) Σ_r a_r max(w_r·x, 0) less its start, W and a as in `tanh_networks`, on the data `data.sphere`. At
    p = 1/2 the kernel has a limit; at p = 1, the mean-field scaling, it tends to zero. Time is counted in units of
    1/(α² m^(1-2p)), so that at all scales the kernel is of order 1 in it. Parameters: `m`, `d`, `T`, `draws`, `p`,
    `alpha`, and n either as `n` or, where `ratio` is not 0, as the multiple `ratio` of m.

    Columns: those of `trajectory.summary`, with the limiting kernel at p = 1/2, α = 1 for the prediction, and
    `least_norm`. Errors as in `relu_measure`.
    """
    width, ratio = int(parameters["m"]), float(parameters["ratio"])
    scale = float(parameters["alpha"]) * width ** (0.5 - float(parameters["p"]))
    problem = sphere(round(ratio * width) if ratio else int(parameters["n"]), int(parameters["d"]))
    prediction = relu_limit_kernel(problem.test_inputs, problem.inputs) @ np.linalg.solve(
        relu_limit_kernel(problem.inputs, problem.inputs), problem.labels
    )
    entries = []
    for _ in range(int(parameters["draws"])):
        path = relu_flow(
            standard_normals(rng, width, problem.inputs.shape[1]),
            rng.choice([-1.0, 1.0], size=width),
            problem,
            float(parameters["T"]) / scale**2,
            test_inputs=problem.test_inputs,
            subtract=True,
            scale=scale,
        )
        columns, errors = summary(path.trajectory, prediction)
        for name, (value, error) in path.suprema.items():
            columns[name], errors[name] = value, error
        entries.append((columns | {"least_norm": least_norm(path.trajectory)}, errors))
    return stacked(entries)


def sphere_with_tests(points: int, dimension: int) -> TestedData:
    """`data.sphere`, with 20 test points, uniform on the sphere, drawn once and for all."""
    tests = np.random.Generator(np.random.Philox(key=4)).standard_normal((TESTS, dimension))
    return replace(sphere(points, dimension), test_inputs=tests / np.linalg.norm(tests, axis=1, keepdims=True))


def least_norm(path: Trajectory) -> float:
    """√((y - u(0))ᵀ K(0)⁻¹ (y - u(0))): how far the nearest parameters are that fit the linearised network."""
    residual = path.labels - path.outputs[0]
    return float(np.sqrt(residual @ np.linalg.solve(path.start_kernel, residual)))


@cache
def _tanh_limits(points: int, dimension: int, trained: bool) -> tuple[float, np.ndarray]:
    """λ_min(K_∞), and k_∞(x)ᵀK_∞⁻¹y at the test points."""
    problem = sphere_with_tests(points, dimension)
    among = kernel("tanh", problem.inputs, problem.inputs, trained=trained)
    across = kernel("tanh", problem.test_inputs, problem.inputs, trained=trained)
    return float(np.linalg.eigvalsh(among)[0]), across @ np.linalg.solve(among, problem.labels)
