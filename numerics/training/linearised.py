"""The network linearised at its start, trained by gradient flow: closed form, and the limits of its predictions."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Linearised:
    """u(t) = y - e^{-Kt}r and f(x, t) = f(x, 0) + k(x)ᵀK⁻¹(1 - e^{-Kt})r, r = y - u(0), by one eigendecomposition."""

    labels: np.ndarray
    """y (n,)."""
    start: np.ndarray
    """u(0) (n,)."""
    test_start: np.ndarray
    """f(x, 0) (q,)."""
    kernel: np.ndarray
    """K (n, n), positive semi-definite."""
    test_kernel: np.ndarray
    """k(x) (q, n)."""

    def at(self, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """U (k, n) and f at the test points (k, q) at the times (k,)."""
        eigenvalues, vectors = np.linalg.eigh(self.kernel)
        eigenvalues = np.maximum(eigenvalues, 0.0)
        components = vectors.T @ (self.labels - self.start)
        exponents = eigenvalues * times[:, None]
        outputs = self.labels - (np.exp(-exponents) * components) @ vectors.T
        small = exponents < 1e-12
        factors = np.where(small, times[:, None], -np.expm1(-exponents) / np.where(small, 1.0, eigenvalues))
        return outputs, self.test_start + (factors * components) @ (self.test_kernel @ vectors).T
