"""Vocabulary of the claims on dense random networks: symbols, activations by name, and the limiting kernels."""

from collections.abc import Callable

import sympy as sp

from derivations.expressions import relu
from derivations.kernels import jacot_nngp, jacot_ntk, jacot_variance
from verify.quantities import notation

m, L = sp.symbols("m L", integer=True, positive=True)
rho, beta = sp.symbols("rho beta", positive=True)

activation = sp.Symbol(notation("activation", typst="sigma", latex=r"\sigma", text="σ"))
"""The parameter of an experiment that names the activation."""
RELU = sp.Symbol(notation("relu", typst='op("ReLU")', latex=r"\operatorname{ReLU}", text="ReLU"))
ERF = sp.Symbol(notation("erf", typst='op("erf")', latex=r"\operatorname{erf}", text="erf"))

Theta = sp.Symbol(
    notation("ntk_of_layers", typst="Theta_oo^((L)) (x, x')", latex=r"\Theta_\infty^{(L)}(x,x')", text="Θ∞^(L)(x, x')"),
    real=True,
)
Sigma = sp.Symbol(
    notation(
        "nngp_of_layers", typst="Sigma_oo^((L)) (x, x')", latex=r"\Sigma_\infty^{(L)}(x,x')", text="Σ∞^(L)(x, x')"
    ),
    real=True,
)
Sigma_same = sp.Symbol(
    notation(
        "nngp_of_layers_same", typst="Sigma_oo^((L)) (x, x)", latex=r"\Sigma_\infty^{(L)}(x,x)", text="Σ∞^(L)(x, x)"
    ),
    real=True,
)

Function = Callable[[sp.Expr], sp.Expr]
Definitions = tuple[tuple[sp.Expr, sp.Expr], ...]


def ntk_limit(sigma: Function = relu) -> Definitions:
    """Θ∞^(L)(x, x') for an activation, by its recursion."""
    return ((Theta, jacot_ntk(L, rho, beta, sigma)),)


def nngp_limit(sigma: Function = relu) -> Definitions:
    """Σ∞^(L)(x, x') for an activation, by its recursion."""
    return ((Sigma, jacot_nngp(L, rho, beta, sigma)),)


def variance_limit(sigma: Function = relu) -> Definitions:
    """Σ∞^(L)(x, x) for an activation, by its recursion."""
    return ((Sigma_same, jacot_variance(L, beta, sigma)),)


PARAMETRISATION = (
    "The parametrisation of the paper the slides cite: all parameters $cal(N)(0, 1)$, each layer's weights divided by "
    "the root of its number of inputs, its biases multiplied by $beta$; no activation at the output. $L$ counts layers "
    "of weights, all hidden widths are $m$."
)
INPUTS = (
    "Two inputs with $norm(x)^2 = norm(x')^2 = n_0$ and $x^top x' = rho n_0$; tested at $rho = 1\\/2$, $beta = 1\\/2$."
)
MARGIN = "Theory offers only exponents that are multiples of $1\\/2$; the margin of $1\\/4$ is half their distance."
