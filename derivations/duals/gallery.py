"""Activations with closed-form duals, by name: what users ask for, and one or more of every family."""

import sympy as sp

from derivations.duals.terms import x
from derivations.expressions import normal_cdf, relu, step

_BELL = sp.exp(-(x**2) / 2)

GALLERY: tuple[tuple[str, sp.Expr], ...] = (
    ("identity", x),
    ("step", step(x)),
    ("sign", sp.sign(x)),
    ("ReLU", relu(x)),
    ("absolute value", sp.Abs(x)),
    ("leaky ReLU", sp.Max(x, x / 100)),
    ("squared ReLU", relu(x) ** 2),
    ("cubed ReLU", relu(x) ** 3),
    ("square", x**2),
    ("cube", x**3),
    ("Hermite polynomial of degree 2", x**2 - 1),
    ("Hermite polynomial of degree 3", x**3 - 3 * x),
    ("Hermite polynomial of degree 4", x**4 - 6 * x**2 + 3),
    ("sine", sp.sin(x)),
    ("cosine", sp.cos(x)),
    ("sine and cosine", sp.sin(x) + sp.cos(x)),
    ("Snake", x + sp.sin(x) ** 2),
    ("exponential", sp.exp(x)),
    ("hyperbolic sine", sp.sinh(x)),
    ("Gaussian", _BELL),
    ("derivative of a Gaussian", x * _BELL),
    ("Ricker wavelet", (1 - x**2) * _BELL),
    ("Morlet wavelet", sp.cos(2 * x) * _BELL),
    ("error function", sp.erf(x)),
    ("normal distribution function", normal_cdf(x)),
    ("GELU", x * normal_cdf(x)),
    ("x erf(x)", x * sp.erf(x)),
    ("error function and Gaussian", sp.erf(x) + sp.exp(-(x**2))),
    ("ReLU and sine", relu(x) + sp.sin(x)),
    ("ReLU and cosine", relu(x) + sp.cos(x)),
    ("ReLU times a Gaussian", relu(x) * _BELL),
)
"""Pairs of a name and an expression in `derivations.duals.x`."""
