"""Eigenvalues of the kernels of wide networks under the standard Gaussian on R^d, sector by sector.

A Gaussian input has a direction and, independent of it, a norm ‖x‖² = d u with d u ~ χ²_d. The kernel is invariant
under rotations, so that its eigenfunctions are f(u) Y(x/‖x‖) with a spherical harmonic Y of some degree k, and the
eigenvalues in the sector of degree k are those of the operator f ↦ E_u' G_k(u, u') f(u'), where

    G_k(u, u') = E_t Φ(u, u', t) P_k(t) = Σ_j a_j(u, u') M_{j,k}

is the eigenvalue on the sphere of the kernel between inputs of these norms (`numerics.spectra.sphere`). Each has the
multiplicity of the degree. The operator is discretised at the nodes of Gauss and Laguerre, and the eigenvalues are
those of a matrix in floating point: accurate to about 1e-12 of the largest in the sector, and not certified.
"""

import flint
import numpy as np
from flint import arb
from scipy.linalg import eigh, eigh_tridiagonal

from numerics.spectra.kernels import Kernel
from numerics.spectra.sphere import MOST_TERMS, moments, partial_sums

_BITS = 128
_NEGLIGIBLE = 1e-14
"""What the series leaves out, relative to what it sums up, at inputs of norm √d."""


def radial_nodes(d: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    """The nodes u_i and weights of Gauss's rule for the law of u = χ²_d/d; the weights sum to 1.

    The recurrence of the Laguerre polynomials of index d/2 - 1 has the diagonal 2n + d/2 and off it √(n(n + d/2 - 1)).
    """
    n = np.arange(count, dtype=float)
    off = np.sqrt(n[1:] * (n[1:] + d / 2 - 1))
    nodes, vectors = eigh_tridiagonal(2 * n + d / 2, off)
    return 2 * nodes / d, vectors[0] ** 2


def eigenvalues(kernel: Kernel, d: int, degree: int, *, nodes: int = 24) -> np.ndarray:
    """The eigenvalues in the sector of a degree, largest first: as many as nodes, of which the first are accurate.

    Raises ValueError unless d >= 3, degree >= 0 and nodes >= 1.
    """
    if d < 3 or degree < 0 or nodes < 1:
        raise ValueError(f"needs d >= 3, a degree of 0 or more and a node or more, not {d}, {degree} and {nodes}")
    norms, weights = radial_nodes(d, nodes)
    matrix = np.empty((nodes, nodes))
    with flint.ctx.workprec(_BITS):
        terms = _terms(kernel, d, degree)
        powers = moments(d, degree, terms)
        for i in range(nodes):
            for j in range(i + 1):
                series = kernel.series(terms, (arb(norms[i]), arb(norms[j])))
                total = sum((a * moment for a, moment in zip(series, powers, strict=True)), start=arb(0))
                matrix[i, j] = matrix[j, i] = float(total) * np.sqrt(weights[i] * weights[j])
    return np.asarray(eigh(matrix, eigvals_only=True)[::-1])


def _terms(kernel: Kernel, d: int, degree: int) -> int:
    """A number of terms after which the series leaves out next to nothing; ArithmeticError if there is none."""
    terms = 64
    while terms <= MOST_TERMS:
        if terms > 2 * degree:
            sums, tails = partial_sums(kernel, d, degree, terms)
            if kernel.vanishes(degree) or tails[degree].upper() <= _NEGLIGIBLE * sums[degree].lower():
                return terms
        terms *= 2
    raise ArithmeticError(f"the series converges too slowly in dimension {d}: take a larger one")
