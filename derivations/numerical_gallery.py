"""Activations whose dual has no known closed form, as a user would type them; `duals.gallery` has the others."""

NUMERICAL_GALLERY: tuple[tuple[str, str], ...] = (
    ("tanh", "tanh(x)"),
    ("sigmoid", "sigmoid(x)"),
    ("softplus", "softplus(x)"),
    ("SiLU (Swish)", "silu(x)"),
    ("mish", "mish(x)"),
    ("arctangent", "atan(x)"),
    ("log cosh", "log(cosh(x))"),
    ("Lorentz function", "1/(1 + x^2)"),
    ("inverse square root unit", "x/sqrt(1 + x^2)"),
    ("tanhshrink", "x - tanh(x)"),
    ("hard tanh", "clip(x, -1, 1)"),
    ("hard sigmoid", "clip(x/6 + 1/2, 0, 1)"),
    ("ReLU6", "min(max(x, 0), 6)"),
    ("shifted ReLU", "max(x - 1, 0)"),
    ("soft shrinkage", "x - clip(x, -1/2, 1/2)"),
    ("hard swish", "x*clip(x/6 + 1/2, 0, 1)"),
    ("shifted step", "step(x - 1)"),
    ("ELU", "elu(x)"),
    ("SELU", "selu(x)"),
    ("Epanechnikov bump", "max(1 - x^2, 0)"),
    ("CELU, a = 2", "max(x, 0) + min(2*(exp(x/2) - 1), 0)"),
)
"""Pairs of a name and a formula of `derivations.language`."""
