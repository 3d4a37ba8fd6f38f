"""Two-layer networks trained by gradient flow: in the kernel regime at growing widths, and on the ways out of it."""

from numerics.training import learning_rates, regimes
from verify.experiment import Experiment, Parameters, Profile
from verify.quantities import quantity

least_norm = quantity(
    "least_norm",
    typst="norm(hat(theta))",
    latex=r"\|\hat\theta\|",
    text="‖θ̂‖",
    meaning="the norm of the minimum-norm solution of the problem linearised at the start",
)

limit_lowest = quantity(
    "limit_lowest",
    typst="lambda_min (upright(bold(K))^infinity)",
    latex=r"\lambda_{\min}(\mathbf K^\infty)",
    text="λ_min(K^∞)",
    meaning="the smallest eigenvalue of the limiting kernel matrix",
)


def _drawn(common: dict[str, float | int | str], draws: dict[int, int]) -> tuple[Parameters, ...]:
    """The same parameters at every width, with the draws of that width."""
    return tuple({**common, "m": width, "draws": number} for width, number in draws.items())


_DATA: dict[str, float | int | str] = {"n": 8, "d": 10}
_FIRST: dict[str, float | int | str] = {**_DATA, "readout": 0, "subtract": 0, "T": 200.0, "tolerance": 1e-4}
_BOTH: dict[str, float | int | str] = {**_DATA, "readout": 1, "subtract": 1, "T": 150.0, "tolerance": 1e-4}

FIRST_LAYER = Experiment(
    id="trained-first-layer",
    title="Two-layer tanh networks, the first layer trained by gradient flow on n = 8 points of the unit sphere",
    yields="samples",
    measure=regimes.tanh_networks,
    cells={
        Profile.QUICK: _drawn(_FIRST, {4096: 64}),
        Profile.FULL: _drawn(_FIRST, {4096: 256, 32768: 128}),
    },
)

BOTH_LAYERS = Experiment(
    id="trained-both-layers",
    title="Two-layer tanh networks less their start, both layers trained by gradient flow on n = 8 points of the unit "
    "sphere, d = 10",
    yields="samples",
    measure=regimes.tanh_networks,
    cells={
        Profile.QUICK: _drawn(_BOTH, {64: 96, 2048: 64, 8192: 64}),
        Profile.FULL: _drawn(_BOTH, {64: 512, 512: 256, 2048: 256, 8192: 256, 32768: 128}),
    },
)

_RELU: dict[str, float | int | str] = {"d": 10, "T": 60.0, "alpha": 1.0}
_KERNEL = {**_RELU, "n": 8, "p": 0.5, "ratio": 0.0}
_MEAN_FIELD = {**_RELU, "n": 8, "p": 1.0, "ratio": 0.0}
_WIDE_DATA = {**_RELU, "p": 0.5, "ratio": 0.25}

RELU_NETWORKS = Experiment(
    id="trained-relu-networks",
    title="Two-layer ReLU networks less their start, the first layer trained by gradient flow on n points of the unit "
    "sphere, d = 10; n = 8, or n = κm where κ ≠ 0",
    yields="samples",
    measure=regimes.relu_networks,
    cells={
        Profile.QUICK: (
            *_drawn(_KERNEL, {32: 256, 128: 64, 512: 128}),
            *_drawn(_MEAN_FIELD, {64: 64}),
            *_drawn(_WIDE_DATA, {64: 64}),
        ),
        Profile.FULL: (
            *_drawn(_KERNEL, {32: 2048, 128: 1024, 512: 512, 2048: 256}),
            *_drawn(_MEAN_FIELD, {16: 256, 64: 256, 256: 128}),
            *_drawn(_WIDE_DATA, {64: 256, 128: 128}),
        ),
    },
)

SCALES = Experiment(
    id="trained-scaled-networks",
    title="Two-layer ReLU networks of width 128 with the output scaled by α, less their start, the first layer trained",
    yields="samples",
    measure=regimes.relu_networks,
    cells={
        profile: tuple({**_KERNEL, "m": 128, "alpha": alpha, "draws": draws} for alpha in (0.125, 2.0, 16.0))
        for profile, draws in ((Profile.QUICK, 64), (Profile.FULL, 400))
    },
)

LEARNING_RATES = Experiment(
    id="trained-at-rates",
    title="Two-layer tanh networks of width 256 less their start, trained by gradient descent at the rate c/λ_max",
    yields="samples",
    measure=learning_rates.learning_rates,
    cells={
        profile: tuple({**_DATA, "m": 256, "c": c, "steps": 400, "draws": draws} for c in (0.5, 3.0))
        for profile, draws in ((Profile.QUICK, 64), (Profile.FULL, 400))
    },
)
