"""Measurements of trained two-layer ReLU networks: what the experiments of the ledger record."""

from collections.abc import Iterator

import numpy as np

from numerics.data import TestedData, contrast, sphere
from numerics.streams import Columns, Parameters, standard_normals
from numerics.training.relu_flow import relu_flow
from numerics.training.relu_path import ReluPath
from numerics.training.trajectory import Entry, stacked, summary

STRICT = 0.01
"""Bounds on eigenvalues are moved away by this fraction, so that they hold strictly."""


def two_layer(parameters: Parameters, rng: np.random.Generator) -> tuple[Columns, Columns]:
    """Train networks by gradient flow; return (columns, errors), one entry for each of the `draws`.

    f = κ m^(-1/2) Σ_r a_r max(w_r·x, 0), W iid N(0, 1) trained, a iid uniform on ±1 fixed, on ½ Σ_i (f(x_i) - y_i)²
    over [0, T]. Parameters: `m`, `T`, `draws`; and, with these defaults, `n` = 6, `d` = 4 of the data `sphere(n, d)`,
    `subtract` = 1 (the outputs at the start are subtracted; 0: they are not), `scale` κ = 1.

    The columns are those of `trajectory.summary`, with `regression_gap` to the prediction of the limiting kernel
    K_∞ = XXᵀ ∘ κ_0(ρ)/2, κ_0(ρ) = 1 - arccos(ρ)/π; and the counts `events` (changes of the sign pattern, beginnings and
    ends of sliding) and `sliding` (how often a neuron came to slide along w_r·x_i = 0). Errors: those of `ReluPath`,
    which are rounding and the tolerance of events; for suprema, mostly what may happen between the times looked at.
    """
    problem = sphere(int(parameters.get("n", 6)), int(parameters.get("d", 4)))
    prediction = limit_kernel(problem.test_inputs, problem.inputs) @ np.linalg.solve(
        limit_kernel(problem.inputs, problem.inputs), problem.labels
    )
    return stacked(_entry(path, prediction) for path in _trained(problem, parameters, rng, int(parameters["draws"])))


def paths(parameters: Parameters, rng: np.random.Generator) -> tuple[Columns, Columns]:
    """Train one network of width `m` to time `T`; return (columns, errors) over the output times.

    As `two_layer`, on `data.contrast` with the start subtracted. Columns, the last four of them constant: `t`;
    `residual_norm` = ‖y - u(t)‖; `kernel_drift` = ‖K(t) - K(0)‖_F/‖K(0)‖_F; `label_norm` = ‖y‖; `lambda_bar` <
    λ_min(K(t)) and `lambda_max` > λ_max(K(t)) for all t in [0, T], K(t) the matrix with ṙ = -K r, also where neurons
    slide: it is piecewise constant, so that no time is left out; `events`.
    Raises ArithmeticError where K is singular somewhere on the path.
    """
    problem = contrast()
    tested = TestedData(problem.inputs, problem.labels, problem.inputs[:1])
    (path,) = _trained(tested, {**parameters, "subtract": 1}, rng, 1)
    known = path.trajectory
    if known.lowest <= 0:
        raise ArithmeticError(
            f"at width {parameters['m']} the kernel is singular on the path (lowest eigenvalue {known.lowest:.3g}): "
            "take a larger width"
        )
    constants = {
        "label_norm": float(np.linalg.norm(problem.labels)),
        "lambda_bar": (1 - STRICT) * known.lowest,
        "lambda_max": (1 + STRICT) * known.highest,
        "events": float(path.events),
    }
    columns = {"t": known.times, "residual_norm": known.residual, "kernel_drift": known.kernel_drift}
    errors = {"residual_norm": known.error("residual").copy(), "kernel_drift": known.error("kernel_drift")}
    # At the start the residual is y itself.
    columns["residual_norm"][0], errors["residual_norm"][0] = constants["label_norm"], 0.0
    columns |= {name: np.full_like(known.times, value) for name, value in constants.items()}
    return columns, {name: errors.get(name, np.zeros_like(known.times)) for name in columns}


def limit_kernel(rows: np.ndarray, others: np.ndarray) -> np.ndarray:
    """K_∞ between rows of unit norm: x·x' E[1{w·x > 0} 1{w·x' > 0}] = ρ (1 - arccos(ρ)/π)/2."""
    rho = np.clip(rows @ others.T, -1, 1)
    return rho * (1 - np.arccos(rho) / np.pi) / 2


def _trained(problem: TestedData, parameters: Parameters, rng: np.random.Generator, draws: int) -> Iterator[ReluPath]:
    width = int(parameters["m"])
    for _ in range(draws):
        yield relu_flow(
            standard_normals(rng, width, problem.inputs.shape[1]),
            rng.choice([-1.0, 1.0], size=width),
            problem,
            float(parameters["T"]),
            test_inputs=problem.test_inputs,
            subtract=bool(parameters.get("subtract", 1)),
            scale=float(parameters.get("scale", 1.0)),
        )


def _entry(path: ReluPath, prediction: np.ndarray) -> tuple[Entry, Entry]:
    columns, errors = summary(path.trajectory, prediction)
    for name, (value, error) in path.suprema.items():
        columns[name], errors[name] = value, error
    return columns | {"events": float(path.events), "sliding": float(path.slides)}, errors
