"""Exact samples of the tangent kernel of wide random ReLU networks on a few inputs, without their weights.

The network is f¹ = W¹x + βb¹, gʰ = √(2/m_h) max(fʰ, 0), fʰ⁺¹ = Wʰ⁺¹gʰ + βbʰ⁺¹, with L hidden layers of widths m_h and
the output f = f^(L+1) in R. All weights and biases are independent N(0, 1). For n inputs let G_h (m_h, n) hold the
signals gʰ, B_h the backward signals ∂f/∂fʰ, and J the matrix of ones. The tangent kernel over all parameters is

    Θ = Σ_{h=1}^{L+1} R_h ⊙ (Q_{h-1} + β²J),  Q_h = G_hᵀG_h (Q₀ the Gram matrix of the inputs),  R_h = B_hᵀB_h.

It is drawn in O(Σ m_h n²) operations and in memory that does not grow with the widths. The law is exact at all widths.

**Biases.** A bias is the weight of a constant neuron: add the row β·1ᵀ to G_h (the coordinate β to the inputs), and
write A = [W b]. Then F = AG and GᵀG = Q + β²J. The constant neuron has no backward signal: AᵀB is needed at the
other rows only. Below, G is that of layer h - 1 with this row.

**Forward.** Let G = QC with orthonormal columns Q (n at most, C of shape (r, n)), a function of the layers before h.
A has independent N(0, 1) entries given those, so Z = AQ is a matrix of independent N(0, 1) entries, and F_h = ZC. The
rows of Z, one for each neuron of layer h, are all that is drawn. Q need not be unique, nor need C have full rank: any
orthonormal Q that spans the columns of G and depends on them alone will do, so no decision on ranks is critical.

**Backward.** Given the forward pass, A = ZQᵀ + Ã(I - QQᵀ) with an independent copy Ã of A. B_h depends on A through Z
alone, and on later layers, whose weights are independent. So given B_h, the rows of U = ÃᵀB_h are independent
N(0, R_h): U = ES with SᵀS = R_h and E independent N(0, 1), and

    AᵀB_h = U + QH,  H = ZᵀB_h - QᵀU,  B_{h-1} = √(2/m) 1[F_{h-1} > 0] ⊙ (U + QH) at the rows that are neurons.

It starts at B_{L+1} = 1 for all inputs, with one row z of N(0, 1) in the place of Z: the output is zC. A sampler
without the term QH (fresh weights in the backward pass) gives other joint laws of Θ and f.

**Sums by sign pattern.** Let p be a sign pattern (bit j set where f_j > 0), D_p the diagonal 0-1 matrix of its bits,
and N_p the number of neurons that have it, with the moments K_p = Σ z zᵀ. At them G has the rows √(2/m) z C D_p, and
the law of E does not change when these neurons are rotated among themselves. Let K_p = LᵀL with L of shape (k, r),
k = min(N_p, r): a rotation turns their z into the rows of L and N_p - k rows of zeros. So Q, C, H and ZᵀB follow from
the rows of L of all patterns, with a row of E for each. The rows of zeros have no signal, and their backward signals
√(2/m) ES D_p add (2/m) D_p Sᵀ T S D_p to R_{h-1}, T a Wishart matrix with N_p - k degrees of freedom. That N_p may be
small, or smaller than n, needs no special case. `numerics.wide.one_pass` sums the normals by pattern as they are drawn.

**Two passes.** For more inputs there are too many patterns. QᵀU = (QᵀE)S, and QᵀE is known after the forward pass if E
is generated there; the backward pass generates Z and E again from their counters (`numerics.wide.two_pass`).

**One input.** Then N ~ Bin(m, ½) neurons are active, and K is chi-squared with N degrees of freedom: O(L) operations a
draw at any width (`numerics.wide.single`).

**Accuracy.** Signals are decomposed by QR, never through their Gram matrices. What is computed is the exact law for
inputs moved by a few rounding errors, relative to their norms, however small the angles between them: inputs at an
angle of 1e-12 are two inputs. (The version in two passes takes a signal whose distance from the span of the others is
less than 1e-12 of its norm to lie in it.) Inputs that are parallel up to rounding share their draws.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from numerics.wide import one_pass, single, two_pass
from numerics.wide.inputs import directions
from numerics.wide.patterns import MOST_INPUTS

Method = Literal["auto", "patterns", "two-pass", "single"]

MOST_DIRECTIONS = 16
WIDEST = 2**62


@dataclass(frozen=True, kw_only=True)
class Draws:
    """Independent draws of a network at n inputs."""

    ntk: np.ndarray
    """⟨∂f(x_i)/∂θ, ∂f(x_j)/∂θ⟩ over all weights and biases θ: (draws, n, n)."""
    outputs: np.ndarray
    """f(x_i): (draws, n)."""
    nngp: np.ndarray
    """Q_L + β², the covariance of the outputs given the hidden layers: (draws, n, n)."""


def sample(
    inputs: np.ndarray,
    widths: Sequence[int],
    draws: int,
    rng: np.random.Generator,
    *,
    beta: float = 0.0,
    method: Method = "auto",
    threads: int = 1,
    first: int = 0,
) -> Draws:
    """Draw Θ, f and Q_L + β² of random ReLU networks with hidden layers of the given widths, at inputs (n, d).

    `method` is "patterns" (up to 8 inputs, one pass over the normals), "two-pass" (up to 16), "single" (one input) or
    "auto", the fastest of those that fit. Inputs count by their directions: parallel ones of the same direction are
    one unless β > 0, equal ones are one, and zero is none unless β > 0. The results do not depend on `threads`.

    One number of `rng` is used, as the key of all streams. Draw i is a function of that key, of i and of the other
    arguments: `sample(…, 100, rng)` is `sample(…, 60, rng)` followed by `sample(…, 40, rng, first=60)`, with
    generators in the same state. Raises ValueError for arguments that do not fit, and says which.
    """
    inputs = np.asarray(inputs, dtype=float)
    _check(inputs, widths, beta)
    if draws < 1 or first < 0 or threads < 1:
        raise ValueError(f"draws and threads are at least 1 and first at least 0, not {draws}, {threads}, {first}")
    found = directions(inputs, float(beta))
    if found.count > MOST_DIRECTIONS:
        raise ValueError(f"{found.count} inputs of different directions; {MOST_DIRECTIONS} are the most")
    chosen = _method(method, found.count)
    key = int(rng.integers(2**64, dtype=np.uint64))
    if found.count == 0:
        kernels = np.zeros((draws, 0, 0)), np.zeros((draws, 0)), np.zeros((draws, 0, 0))
    elif chosen == "single":
        kernels = single.sample(key, range(first, first + draws), found.factor, widths, beta=beta)
    else:
        sampler = one_pass.sample if chosen == "patterns" else two_pass.sample
        kernels = sampler(key, range(first, first + draws), found.factor, widths, beta=beta, threads=threads)
    return _spread(*kernels, found.which, found.scales)


def _spread(ntk: np.ndarray, outputs: np.ndarray, nngp: np.ndarray, which: np.ndarray, scales: np.ndarray) -> Draws:
    """Carry draws at the different directions over to the inputs."""
    live = scales > 0
    pick = np.zeros((ntk.shape[1], len(scales)))
    pick[which[live], np.flatnonzero(live)] = scales[live]
    return Draws(ntk=pick.T @ ntk @ pick, outputs=outputs @ pick, nngp=pick.T @ nngp @ pick)


def _method(method: Method, count: int) -> Method:
    if method not in get_args(Method):
        raise ValueError(f"no method {method!r}; there are {', '.join(get_args(Method))}")
    limits = {"single": 1, "patterns": MOST_INPUTS, "two-pass": MOST_DIRECTIONS, "auto": MOST_DIRECTIONS}
    if count > limits[method]:
        raise ValueError(f"the method {method!r} is for at most {limits[method]} different inputs, not {count}")
    if method != "auto":
        return method
    if count <= 1:
        return "single"
    return "patterns" if count <= MOST_INPUTS else "two-pass"


def _check(inputs: np.ndarray, widths: Sequence[int], beta: float) -> None:
    if inputs.ndim != 2 or 0 in inputs.shape:
        raise ValueError(f"inputs have the shape (n, d), with n and d at least 1, not {inputs.shape}")
    if not np.isfinite(inputs).all():
        raise ValueError("an input is not finite")
    if not widths or any(width != int(width) or not 1 <= width <= WIDEST for width in widths):
        raise ValueError(f"widths are one integer or more from 1 to 2⁶², not {list(widths)}")
    if not (np.isfinite(beta) and beta >= 0):
        raise ValueError(f"beta is finite and at least 0, not {beta}")
