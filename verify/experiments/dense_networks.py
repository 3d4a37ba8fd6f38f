"""Dense random networks: several outputs, independent copies, other activations, no scaling, steps of training."""

from collections.abc import Iterable

from numerics.dense import descent, measure, random_features
from verify.experiment import Experiment, Parameters, Profile
from verify.experiments import cells
from verify.quantities import quantity

ntk_copy = quantity(
    "ntk_copy",
    typst="hat(Theta)'_m",
    latex=r"\hat\Theta'_m",
    text="Θ̂′_m",
    meaning="the empirical NTK of a second network, independent of the first",
)

ntk_across = quantity(
    "ntk_across",
    typst="hat(Theta)_(m, 1 2)",
    latex=r"\hat\Theta_{m,12}",
    text="Θ̂_m,12",
    meaning="the empirical NTK between two outputs, ⟨∂f₁(x)/∂θ, ∂f₂(x')/∂θ⟩",
)

output_covariance = quantity(
    "output_covariance",
    typst="hat(Sigma)_m (x, x')",
    latex=r"\hat\Sigma_m(x,x')",
    text="Σ̂_m(x, x')",
    meaning="the covariance of an output at x and x' given the hidden layers, ⟨g(x), g(x')⟩/m + β²",
)

output_variance = quantity(
    "output_variance",
    typst="hat(Sigma)_m (x, x)",
    latex=r"\hat\Sigma_m(x,x)",
    text="Σ̂_m(x, x)",
    meaning="the variance of an output at x given the hidden layers, ‖g(x)‖²/m + β²",
)


def _networks(layers: int, activations: Iterable[str], draws: int, widths: tuple[int, ...]) -> tuple[Parameters, ...]:
    """Networks in Jacot's parametrisation at every width, for each activation."""
    return tuple(
        cell
        for activation in activations
        for cell in cells({"L": layers, "rho": 0.5, "beta": 0.5, "activation": activation, "draws": draws}, widths)
    )


TWO_OUTPUTS = Experiment(
    id="dense-networks-two-outputs",
    title="Kernels of random networks with two outputs and biases in Jacot's parametrisation, L weight layers",
    yields="samples",
    measure=measure.two_outputs,
    cells={
        Profile.QUICK: (
            *_networks(2, ("relu", "erf"), 4000, (64, 256, 1024)),
            *_networks(3, ("relu", "erf"), 2000, (16, 64, 256)),
        ),
        Profile.FULL: (
            *_networks(2, ("relu", "erf"), 8000, (64, 256, 1024, 4096, 16384)),
            *_networks(3, ("relu", "erf"), 6000, (16, 64, 256, 1024)),
        ),
    },
)


ACTIVATION_PAIRS = Experiment(
    id="dense-networks-pairs",
    title="Kernels of pairs of independent random networks with one hidden layer and biases",
    yields="samples",
    measure=measure.pairs,
    cells={
        Profile.QUICK: (
            *_networks(2, ("relu", "erf"), 4000, (16, 64, 256)),
            *_networks(2, ("exp_half_square",), 6000, (16, 64, 256)),
            *_networks(2, ("heaviside",), 2000, (16, 64, 256)),
            *_networks(2, ("cube",), 3000, (64, 256, 1024)),
        ),
        Profile.FULL: (
            *_networks(2, ("relu", "erf", "heaviside", "exp_half_square"), 8000, (16, 64, 256, 1024, 4096)),
            *_networks(2, ("cube",), 8000, (64, 256, 1024, 4096)),
        ),
    },
)

activated_ntk = quantity(
    "activated_ntk",
    typst="hat(Theta)_m^(sigma)",
    latex=r"\hat\Theta_m^{\sigma}",
    text="Θ̂_m^σ",
    meaning="the empirical NTK of the network with σ(f) as its output",
)

activated_ntk_copy = quantity(
    "activated_ntk_copy",
    typst="hat(Theta)_m^(sigma')",
    latex=r"\hat\Theta_m^{\sigma\prime}",
    text="Θ̂′_m^σ",
    meaning="the empirical NTK, with σ(f) as its output, of a second network independent of the first",
)

ACTIVATED_PAIRS = Experiment(
    id="dense-networks-activated-output",
    title="Kernels of pairs of independent random networks with f and with σ(f) as the output, one hidden layer",
    yields="samples",
    measure=measure.activated_pairs,
    cells={
        Profile.QUICK: _networks(2, ("relu", "erf"), 2500, (16, 64, 256, 1024)),
        Profile.FULL: _networks(2, ("relu", "erf"), 6000, (16, 64, 256, 1024, 4096)),
    },
)

UNSCALED = Experiment(
    id="dense-networks-unscaled",
    title="Empirical NTK of random ReLU networks with no scaling of the weights, one hidden layer, biases N(0, 1)",
    yields="samples",
    measure=measure.unscaled_ntk,
    cells={
        Profile.QUICK: cells({"L": 2, "rho": 0.5, "draws": 2000}, (16, 64, 256, 1024)),
        Profile.FULL: cells({"L": 2, "rho": 0.5, "draws": 4000}, (16, 64, 256, 1024, 4096, 16384)),
    },
)

drift = quantity(
    "drift",
    typst="abs(hat(Theta)_m (T) - hat(Theta)_m (0))",
    latex=r"|\hat\Theta_m(T)-\hat\Theta_m(0)|",
    text="|Θ̂_m(T) − Θ̂_m(0)|",
    meaning="how far gradient descent on two inputs has moved the empirical NTK between them",
)

DRIFT = Experiment(
    id="dense-networks-drift",
    title="Movement of the empirical NTK of erf networks with one hidden layer in three steps of gradient descent",
    yields="samples",
    measure=descent.kernel_drift,
    cells={
        Profile.QUICK: cells(
            {"L": 2, "rho": 0.5, "beta": 0.5, "activation": "erf", "steps": 3, "rate": 0.5, "draws": 6500},
            (64, 256, 1024),
        ),
        Profile.FULL: cells(
            {"L": 2, "rho": 0.5, "beta": 0.5, "activation": "erf", "steps": 3, "rate": 0.5, "draws": 8000},
            (64, 256, 1024, 4096),
        ),
    },
)

feature_kernel = quantity(
    "feature_kernel",
    typst="tilde(K)_(1 1)",
    latex=r"\tilde K_{11}",
    text="K̃₁₁",
    meaning="the diagonal entry P⁻¹ Σ_p f₁^(p)(x) f₁^(p)(x') of the tangent kernel of the linear model",
)

feature_kernel_across = quantity(
    "feature_kernel_across",
    typst="tilde(K)_(1 2)",
    latex=r"\tilde K_{12}",
    text="K̃₁₂",
    meaning="the entry P⁻¹ Σ_p f₁^(p)(x) f₂^(p)(x') of the tangent kernel of the linear model",
)

feature_trace = quantity(
    "feature_trace",
    typst="1/P sum_p f^((p)) (x)^top f^((p)) (x')",
    latex=r"\frac1P\sum_p f^{(p)}(x)^\top f^{(p)}(x')",
    text="P⁻¹ Σ_p f^(p)(x)ᵀ f^(p)(x')",
    meaning="the mean over the functions of their inner product over the outputs",
)

_FEATURES = {"variance": 2.0, "covariance": 1.0}

RANDOM_FEATURES = Experiment(
    id="random-features",
    title="Tangent kernel of a linear model in P random functions, Gaussian with covariance K at two inputs",
    yields="samples",
    measure=random_features.feature_kernel,
    cells={
        Profile.QUICK: tuple({**_FEATURES, "P": count, "draws": 3000} for count in (16, 64, 256, 1024)),
        Profile.FULL: tuple({**_FEATURES, "P": count, "draws": 8000} for count in (16, 64, 256, 1024, 4096, 16384)),
    },
)
