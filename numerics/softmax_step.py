"""One step of gradient descent on one example of a small softmax network, against its prediction of first order.

The network has the logits z(x) = m^(-1/2) V tanh(U x), all weights trained; q = softmax(z) are its probabilities.
"""

import numpy as np

from numerics.data import span
from numerics.streams import Columns, Parameters

WIDTH, CLASSES = 64, 3


def remainders(parameters: Parameters, rng: np.random.Generator) -> Columns:
    """Take one step on an example x_u and compare the change of q at another x_o with η A K (p - q(x_u)).

    Parameters: `draws` networks with weights iid N(0, 1); the step η = 1/`s`, or 1/`step` where that is given and
    `s` shrinks the input x_u to norm 1/s instead of 1, and with it the gradient ∇z(x_u). x_o is a unit vector at 60°
    to x_u, and the target p is the first class.
    A = diag(q) - qqᵀ at x_o and K = ∇z(x_o) ∇z(x_u)ᵀ, before the step.

    Columns, norms of vectors of length `CLASSES`: `step_remainder` = ‖Δq - η A K (p - q)‖; `change` = ‖Δq‖; `flipped` =
    ‖Δq + η A K (p - q)‖; `without_jacobian` = ‖Δq - η K (p - q)‖; `unnormalised` = ‖Δq - η A K (p - q)‖ after a step
    with 2p in place of p, in the formula too; and `gradient_norm`, the largest singular value of ∇z(x_u).
    """
    draws, s = int(parameters["draws"]), float(parameters["s"])
    step, length = (1 / float(parameters["step"]), 1 / s) if "step" in parameters else (1 / s, 1.0)
    at, other = (np.tile(vector, (draws, 1)) for vector in span(0.5))
    first = rng.standard_normal((draws, WIDTH, at.shape[1]))
    readout = rng.standard_normal((draws, CLASSES, WIDTH))
    target = np.tile(np.eye(CLASSES)[0], (draws, 1))
    trained = length * other
    before, q = _probabilities(first, readout, at), _probabilities(first, readout, trained)
    jacobian = np.einsum("rk,kl->rkl", before, np.eye(CLASSES)) - np.einsum("rk,rl->rkl", before, before)
    kernel = _kernel(first, readout, at, trained)
    columns: Columns = {}
    for name, labels in (("", target), ("unnormalised", 2 * target)):
        # The gradient of -Σ_l p_l log q_l in the logits is q Σ_l p_l - p.
        slope = q * labels.sum(axis=1, keepdims=True) - labels
        change = _probabilities(*_stepped(first, readout, trained, slope, step), at) - before
        pulled = step * np.einsum("rkl,rl->rk", kernel, labels - q)
        expected = np.einsum("rkl,rl->rk", jacobian, pulled)
        if name:
            columns[name] = _norm(change - expected)
            continue
        columns["step_remainder"] = _norm(change - expected)
        columns["change"] = _norm(change)
        columns["flipped"] = _norm(change + expected)
        columns["without_jacobian"] = _norm(change - pulled)
    own = np.linalg.eigvalsh(_kernel(first, readout, trained, trained))
    columns["gradient_norm"] = np.sqrt(own[:, -1])
    return columns


def _norm(vectors: np.ndarray) -> np.ndarray:
    return np.asarray(np.linalg.norm(vectors, axis=1))


def _probabilities(first: np.ndarray, readout: np.ndarray, x: np.ndarray) -> np.ndarray:
    hidden = np.tanh(np.einsum("rmd,rd->rm", first, x))
    logits = np.einsum("rkm,rm->rk", readout, hidden) / np.sqrt(WIDTH)
    weights = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def _kernel(first: np.ndarray, readout: np.ndarray, x: np.ndarray, other: np.ndarray) -> np.ndarray:
    """∇z(x) ∇z(other)ᵀ, shape (draws, CLASSES, CLASSES)."""
    one, two = (np.tanh(np.einsum("rmd,rd->rm", first, point)) for point in (x, other))
    of_readout = np.einsum("rm,rm->r", one, two)[:, None, None] * np.eye(CLASSES)
    slopes = (1 - one**2) * (1 - two**2)
    of_first = np.einsum("rkm,rm,rlm->rkl", readout, slopes, readout)
    inner = np.einsum("rd,rd->r", x, other)[:, None, None]
    return np.asarray((of_readout + inner * of_first) / WIDTH)


def _stepped(
    first: np.ndarray, readout: np.ndarray, x: np.ndarray, slope: np.ndarray, step: float
) -> tuple[np.ndarray, np.ndarray]:
    """The weights after a step down the gradient of a loss whose gradient in the logits at x is `slope`."""
    hidden = np.tanh(np.einsum("rmd,rd->rm", first, x))
    back = np.einsum("rk,rkm->rm", slope, readout) * (1 - hidden**2)
    scale = step / np.sqrt(WIDTH)
    return first - scale * np.einsum("rm,rd->rmd", back, x), readout - scale * np.einsum("rk,rm->rkm", slope, hidden)
