"""Kernel machines: regression with and without a ridge, what training makes of it, and the support vector machine.

Every function takes a kernel matrix K = k(X, X), and predictions elsewhere a row or a matrix k(x, X), so that any
kernel will do. Nothing is normalised behind the caller's back: whether a loss is a sum or a mean, and whether it has
the factor 1/2, is said in each call.
"""

from numerics.kernel_machines.features import minimum_norm_weights, ridge_weights
from numerics.kernel_machines.regression import Fit, KernelRegression, ridge
from numerics.kernel_machines.svm import SupportVectors, support_vectors

__all__ = [
    "Fit",
    "KernelRegression",
    "SupportVectors",
    "minimum_norm_weights",
    "ridge",
    "ridge_weights",
    "support_vectors",
]
