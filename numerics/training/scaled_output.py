"""Trained ReLU networks with a scaled output f_nn = κf against kernel regression: where training ends, and how soon.

f is the network of the report, √(2/m) in front of every hidden layer's sum, no biases, all layers trained.
"""

import numpy as np

from numerics.data import corners, span
from numerics.dense.activations import Activation
from numerics.dense.network import Network, draw, fan_in_scales
from numerics.kernel_matrices import relu_kernels
from numerics.streams import Columns, Parameters, batches
from numerics.training.end_of_flow import end_of_flow
from numerics.training.layered import Problem

RELU = Activation("relu", lambda z, _: np.maximum(z, 0.0), lambda z, _: (z > 0).astype(float))
"""On NumPy arrays this takes a fifth of the time of the ReLU for any namespace, which is most of a step."""


def network(inputs: int, width: int, depth: int) -> Network:
    """The ReLU network of `depth` hidden layers on `inputs` coordinates: g⁰ = x, gʰ = √(2/m) σ(Wʰ gʰ⁻¹), f = W g."""
    sizes = (inputs, *[width] * depth, 1)
    return Network(sizes=sizes, activation=RELU, scales=(1.0, *fan_in_scales(sizes[1:], 2.0)))


def predictions(inputs: np.ndarray, labels: np.ndarray, tests: np.ndarray, depth: int) -> tuple[np.ndarray, np.ndarray]:
    """Kernel regression at the tests (q,): k(x)ᵀK⁻¹y with the NTK Θ^(L), and with Σ^(L) in its place."""
    among, across = relu_kernels(inputs, depth=depth), relu_kernels(tests, inputs, depth=depth)
    return across.ntk @ np.linalg.solve(among.ntk, labels), across.nngp @ np.linalg.solve(among.nngp, labels)


def against_kernels(parameters: Parameters, rng: np.random.Generator) -> tuple[Columns, Columns]:
    """Train networks by gradient flow to t = ∞ on six corners of the cube; the error at another corner.

    Parameters: `m`, `L` hidden layers, `draws`, and `p` for κ = m^(-p). Columns: `ntk_error` and
    `nngp_error`, f_nn(x) less kernel regression with Θ^(L) and with Σ^(L), at the first of the other corners;
    `largest_ntk_error`, `largest_nngp_error`: the largest absolute ones over the ten. Their errors are estimates.
    """
    data, tests = corners()
    return _at_the_end(parameters, rng, data.inputs, data.labels, tests, end=30.0)


def close_points(parameters: Parameters, rng: np.random.Generator) -> tuple[Columns, Columns]:
    """The same for two inputs at the angle π/k with the labels 1 and -1, and a test at half a right angle beyond.

    Parameters: `m`, `draws`, `k` and `p`; one hidden layer. Columns as those of `against_kernels`.
    """
    inputs = span(float(np.cos(np.pi / int(parameters["k"]))))
    tests = np.array([[-np.sin(np.pi / 4), np.cos(np.pi / 4)]])
    end = 12.0 * int(parameters["k"])
    return _at_the_end({**parameters, "L": 1}, rng, inputs, np.array([1.0, -1.0]), tests, end=end)


def _at_the_end(
    parameters: Parameters,
    rng: np.random.Generator,
    inputs: np.ndarray,
    labels: np.ndarray,
    tests: np.ndarray,
    *,
    end: float,
) -> tuple[Columns, Columns]:
    width, depth = int(parameters["m"]), int(parameters["L"])
    kappa = width ** -float(parameters["p"])
    # The kernel moves by a part of the order 1/(κ√m) of itself, so steps in proportion to κ√m are off alike.
    step = min(0.4, 0.05 * kappa * np.sqrt(width))
    net = network(inputs.shape[1], width, depth)
    kernels = dict(zip(("ntk", "nngp"), predictions(inputs, labels, tests, depth), strict=True))
    columns: dict[str, list[np.ndarray]] = {}
    errors: dict[str, list[np.ndarray]] = {}
    for count in batches(int(parameters["draws"]), width * len(inputs)):
        problem = Problem(
            network=net,
            start=draw(net, count, rng),
            inputs=inputs,
            targets=labels,
            tests=tests,
            scale=kappa,
        )
        outputs, off = (found[:, len(inputs) :] for found in end_of_flow(problem, step=step, end=end))
        for name, prediction in kernels.items():
            gaps = outputs - prediction
            columns.setdefault(f"{name}_error", []).append(gaps[:, 0])
            errors.setdefault(f"{name}_error", []).append(off[:, 0])
            columns.setdefault(f"largest_{name}_error", []).append(np.abs(gaps).max(axis=1))
            errors.setdefault(f"largest_{name}_error", []).append(off.max(axis=1))
    joined, estimates = ({name: np.concatenate(parts) for name, parts in of.items()} for of in (columns, errors))
    return joined, estimates


def steps_to_fit(parameters: Parameters, rng: np.random.Generator) -> Columns:
    """Count the steps of gradient descent until two inputs at the angle π/k, labels 1 and -1, are fitted to 1/10.

    Parameters: `m`, `draws`, `k`. One hidden layer, κ = 1, the output at the start subtracted, the rate 1/4. Column:
    `steps`, the first number of steps after which |f(x_i) - y_i| <= 1/10 at both.
    Raises RuntimeError where 4(k² + 16) steps are not enough.
    """
    k, width = int(parameters["k"]), int(parameters["m"])
    inputs, labels = span(float(np.cos(np.pi / k))), np.array([1.0, -1.0])
    net = network(2, width, 1)
    counts = (
        _steps(
            Problem(network=net, start=draw(net, count, rng), inputs=inputs, targets=labels, subtracted=True),
            rate=0.25,
            limit=4 * (k**2 + 16),
        )
        for count in batches(int(parameters["draws"]), 2 * width)
    )
    return {"steps": np.concatenate(list(counts))}


def _steps(problem: Problem, *, rate: float, limit: int) -> np.ndarray:
    """The number of steps of descent on ½ Σ_i (f(x_i) - y_i)² until every residual is 1/10 or less, for every draw."""
    needed = np.full(problem.draws, np.inf)
    weights = problem.start
    for count in range(limit + 1):
        tangent = problem.tangent(weights)
        residual = tangent.outputs - problem.goals
        fitted = np.abs(residual).max(axis=(1, 2)) <= 0.1
        needed = np.where(fitted, np.minimum(needed, count), needed)
        if np.isfinite(needed).all():
            return needed
        weights = problem.moved(weights, tangent, rate * residual)
    raise RuntimeError(f"a network does not fit the labels within {limit} steps")
