"""The path of one trained network, with its errors, and the columns that experiments record of it.

u(t) are the outputs on the n training points, f(x, t) those at the q test points; both less their values at the start
where the start is subtracted.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from numerics.streams import Columns


@dataclass(frozen=True, kw_only=True)
class Trajectory:
    """A network trained to fit `labels`, looked at at k `times`, of which the first is 0 and the last the end."""

    times: np.ndarray
    """(k,), increasing."""
    labels: np.ndarray
    """y (n,)."""
    outputs: np.ndarray
    """u(t) (k, n)."""
    test_outputs: np.ndarray
    """f(x, t) (k, q)."""
    start_outputs: np.ndarray
    """(n,): the outputs of the network itself at the start, whether they are subtracted or not."""
    start_test_outputs: np.ndarray
    """(q,)."""
    residual: np.ndarray
    """‖y - u(t)‖ (k,)."""
    kernel_drift: np.ndarray
    """‖K(t) - K(0)‖_F / ‖K(0)‖_F (k,)."""
    movement: np.ndarray
    """‖θ(t) - θ(0)‖ (k,)."""
    neuron_movement: np.ndarray
    """max_r ‖θ_r(t) - θ_r(0)‖ (k,), θ_r the parameters of neuron r."""
    linear_gap: np.ndarray
    """‖u(t) - u_lin(t)‖ (k,), u_lin the outputs of the network linearised at the start, trained alike."""
    test_gap: np.ndarray
    """max over the test points of |f(x, t) - f_lin(x, t)| (k,)."""
    start_kernel: np.ndarray
    """K(0) (n, n)."""
    end_kernel: np.ndarray
    """K(T) (n, n)."""
    start_test_kernel: np.ndarray
    """k_0(x) (q, n) of the test points x."""
    lowest: float
    """At most λ_min(K(t)) for every t in [0, T], between the times too."""
    highest: float
    """At least λ_max(K(t)) for every t in [0, T]."""
    errors: Columns = field(default_factory=dict)
    """(k,): bounds on the errors of `outputs` and `test_outputs` (each in the norm over the points), `residual`,
    `kernel_drift`, `movement`, `neuron_movement`, `linear_gap` and `test_gap`, and of `end_kernel` (1,), in the
    Frobenius norm; what is missing has no error."""

    def error(self, name: str) -> np.ndarray:
        """The bounds on the errors of a column at the times: (k,)."""
        return self.errors.get(name, np.zeros(1 if name == "end_kernel" else len(self.times)))


Entry = dict[str, float]
"""One draw: a number for each column."""


def supremum(times: np.ndarray, values: np.ndarray, errors: np.ndarray) -> tuple[float, float]:
    """The supremum over [0, T] of a smooth function known at `times` up to `errors`, and a bound on its error.

    The value is the largest at the times. Its error has two parts: how far the values may be off where they may be
    largest, which is as good as `errors` are; and how much larger the function may be between the times, an estimate:
    twice what the parabola through the largest value and its neighbours rises above it.
    """
    top = int(values.argmax())
    largest = float(values[top])
    error = max(float((values + errors).max()) - largest, largest - float((values - errors).max()))
    if 0 < top < len(times) - 1:
        around = slice(top - 1, top + 2)
        curve = np.polynomial.Polynomial.fit(times[around], values[around], 2)
        peak = curve.deriv().roots()
        if peak.size and times[top - 1] < peak[0] < times[top + 1]:
            error += 2 * max(0.0, float(curve(peak[0])) - largest)
    return largest, error


SUPREMA = ("kernel_drift", "linear_gap", "test_gap", "movement", "neuron_movement")
"""Columns that are suprema over [0, T]."""


def summary(path: Trajectory, limit_prediction: np.ndarray | None = None) -> tuple[Entry, Entry]:
    """The columns of one trained network, and bounds on their errors, given k_∞(x)ᵀK_∞⁻¹y (q,) at the test points.

    `kernel_drift`, `linear_gap`, `test_gap`, `movement`, `neuron_movement`: suprema over [0, T];
    `start_residual`, `final_residual` = ‖y - u(0)‖, ‖y - u(T)‖; `lowest` ≤ λ_min(K(t)) on [0, T];
    `own_regression_gap` = max over x of |f(x, T) - f(x, 0) - k_0(x)ᵀK(0)⁻¹(y - u(0))|;
    `alignment_change` = A(T) - A(0), A = yᵀKy / (‖K‖_F ‖y‖²); and with a `limit_prediction`
    `regression_gap` = max |f(x, T) - f(x, 0) - k_∞(x)ᵀK_∞⁻¹y|, where f(x, 0) = 0 if the start is subtracted, and
    `raw_regression_gap` = max |F(x, T) - k_∞(x)ᵀK_∞⁻¹y|, with F the network from which nothing is subtracted.
    Raises numpy.linalg.LinAlgError where K(0) is singular.
    """
    columns: Entry = {}
    errors: Entry = {}
    for name in SUPREMA:
        columns[name], errors[name] = supremum(path.times, getattr(path, name), path.error(name))
    columns["start_residual"], columns["final_residual"] = float(path.residual[0]), float(path.residual[-1])
    errors["final_residual"] = float(path.error("residual")[-1])
    columns["lowest"] = path.lowest
    start, end = path.outputs[0], path.test_outputs[-1]
    grown = end - path.test_outputs[0]
    fit = path.start_test_kernel @ np.linalg.solve(path.start_kernel, path.labels - start)
    columns["own_regression_gap"] = float(np.abs(grown - fit).max())
    of_end = float(path.error("test_outputs")[-1])
    errors["own_regression_gap"] = of_end
    columns["alignment_change"] = alignment(path.end_kernel, path.labels) - alignment(path.start_kernel, path.labels)
    # A is a unit functional of K/‖K‖_F, which moves by at most 2‖ΔK‖_F/‖K‖_F.
    errors["alignment_change"] = 2 * float(path.error("end_kernel")[-1]) / float(np.linalg.norm(path.end_kernel))
    if limit_prediction is not None:
        raw = path.start_test_outputs + grown
        columns["regression_gap"] = float(np.abs(grown - limit_prediction).max())
        columns["raw_regression_gap"] = float(np.abs(raw - limit_prediction).max())
        errors["regression_gap"] = errors["raw_regression_gap"] = of_end
    return columns, errors


def alignment(kernel: np.ndarray, labels: np.ndarray) -> float:
    """⟨K, yyᵀ⟩ / (‖K‖_F ‖y‖²)."""
    return float(labels @ kernel @ labels / (np.linalg.norm(kernel) * (labels @ labels)))


def stacked(entries: Iterable[tuple[Entry, Entry]]) -> tuple[Columns, Columns]:
    """(columns, errors) of many draws, as a measure returns them; each has one entry per draw."""
    values, errors = zip(*entries, strict=True)
    columns, bounds = (
        {name: np.array([entry[name] for entry in table]) for name in table[0]} for table in (values, errors)
    )
    return columns, bounds
