"""The exact sampler of tangent kernels beside networks drawn weight by weight, and beside wrong samplers."""

from numerics import joint_laws
from verify.experiment import Experiment, Parameters, Profile
from verify.quantities import quantity

_SLOPE = "(f(x) − f(x'))²/‖∂f(x)/∂θ − ∂f(x')/∂θ‖² of a random ReLU network"

exact_slope = quantity(
    "exact_slope", typst='s_"exact"', latex=r"s_{\text{exact}}", text="s_exact", meaning=f"{_SLOPE}, sampled exactly"
)
dense_slope = quantity(
    "dense_slope", typst='s_"dense"', latex=r"s_{\text{dense}}", text="s_dense", meaning=f"{_SLOPE}, drawn by weights"
)
unconditioned_slope = quantity(
    "unconditioned_slope",
    typst='s_"fresh"',
    latex=r"s_{\text{fresh}}",
    text="s_fresh",
    meaning=f"{_SLOPE}, its backward pass with weights drawn anew",
)
unprojected_slope = quantity(
    "unprojected_slope",
    typst='s_"skew"',
    latex=r"s_{\text{skew}}",
    text="s_skew",
    meaning=f"{_SLOPE}, the fresh part of its backward pass not orthogonal to the signals",
)
uncorrelated_slope = quantity(
    "uncorrelated_slope",
    typst='s_"apart"',
    latex=r"s_{\text{apart}}",
    text="s_apart",
    meaning=f"{_SLOPE}, the fresh part of its backward pass independent at both inputs",
)


def _cells(draws: int, widths: tuple[int, ...]) -> tuple[Parameters, ...]:
    """Two close inputs, with and without biases, at small widths: there the conditioning matters most."""
    return tuple(
        {"L": depth, "rho": 0.98, "beta": beta, "draws": draws, "m": m}
        for depth in (1, 2, 3)
        for beta in (0.0, 1.0)
        for m in widths
    )


SLOPES = Experiment(
    id="tangent-kernel-samplers",
    title="Slope of random ReLU networks along their gradients between two unit inputs, by right and wrong samplers",
    yields="samples",
    measure=joint_laws.slopes,
    cells={Profile.QUICK: _cells(24_000, (4,)), Profile.FULL: _cells(60_000, (2, 4, 8))},
)
