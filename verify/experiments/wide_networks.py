"""Random ReLU networks over many octaves of width: outputs, kernels at one input, what is left beyond first order."""

from numerics.dense import weight_laws
from numerics.wide import conditional_mean, measure
from verify.experiment import Experiment, Parameters, Profile
from verify.experiments import cells, planned
from verify.quantities import quantity

output = quantity(
    "output", typst="f(x)", latex="f(x)", text="f(x)", meaning="the output of a random network at initialisation"
)

output_other = quantity(
    "output_other", typst="f(x')", latex="f(x')", text="f(x′)", meaning="its output at the second input"
)

diagonal = quantity(
    "diagonal",
    typst="hat(Theta)_m (x, x)",
    latex=r"\hat\Theta_m(x,x)",
    text="Θ̂_m(x, x)",
    meaning="the empirical NTK ‖∂f(x)/∂θ‖² of a random network of width m at one input",
)

remainder = quantity(
    "remainder",
    typst="Delta_m",
    latex=r"\Delta_m",
    text="Δ_m",
    meaning="the mean of the empirical NTK given the first layer, less its limit, less its linear part",
)

mean_remainder = quantity(
    "mean_remainder",
    typst="m macron(Delta)_k",
    latex=r"m\bar\Delta_k",
    text="m·Δ̄_k",
    meaning="m times the mean of Δ_m over k independent networks",
)

OUTPUTS = Experiment(
    id="relu-outputs-at-initialisation",
    title="Outputs of random ReLU networks at two unit inputs, and their covariance given the hidden layers",
    yields="samples",
    measure=measure.relu_outputs,
    cells={
        Profile.QUICK: planned({"rho": 0.5}, (1, 2, 3), {2**4: 2000, 2**8: 2000, 2**12: 1000, 2**16: 600}),
        Profile.FULL: planned({"rho": 0.5}, (1, 2, 3), {2**4: 8000, 2**8: 8000, 2**12: 4000, 2**16: 4000, 2**20: 1000}),
    },
)

GAUSSIAN_OUTPUTS = Experiment(
    id="relu-outputs-law",
    title="Outputs of random ReLU networks of width 1024 and more at two unit inputs",
    yields="samples",
    measure=measure.relu_outputs,
    cells={
        Profile.QUICK: planned({"rho": 0.5}, (1, 2), {2**10: 20000}),
        Profile.FULL: planned({"rho": 0.5}, (1, 2), {2**12: 40000}),
    },
)

ONE_INPUT = Experiment(
    id="relu-ntk-at-one-input",
    title="Empirical NTK of random ReLU networks at one unit input, over 40 octaves of width",
    yields="samples",
    measure=measure.relu_ntk,
    cells={
        Profile.QUICK: planned({"rho": 1.0}, (1, 2, 4), {2**power: 6000 for power in (4, 14, 24, 34, 44)}),
        Profile.FULL: planned({"rho": 1.0}, (1, 2, 4), {2**power: 16000 for power in range(4, 45, 4)}),
    },
)

SECOND_ORDER = Experiment(
    id="relu-ntk-second-order",
    title="What is beyond first order in the mean NTK given the first of two hidden layers, unit inputs",
    yields="samples",
    measure=conditional_mean.second_order,
    cells={
        Profile.QUICK: tuple(
            {"rho": 0.5, "m": m, "draws": draws}
            for m, draws in {2**4: 2000, 2**8: 2000, 2**12: 1000, 2**16: 500, 2**20: 400}.items()
        ),
        Profile.FULL: tuple(
            {"rho": 0.5, "m": m, "draws": draws}
            for m, draws in {2**4: 8000, 2**8: 8000, 2**12: 8000, 2**16: 4000, 2**20: 2000, 2**24: 400}.items()
        ),
    },
)

SECOND_ORDER_MEAN = Experiment(
    id="relu-ntk-second-order-mean",
    title="Its mean over k networks of width m, times m",
    yields="samples",
    measure=conditional_mean.second_order,
    cells={
        Profile.QUICK: tuple({"rho": 0.5, "m": 256, "k": k, "draws": 1200} for k in (4, 16, 64)),
        Profile.FULL: tuple({"rho": 0.5, "m": 1024, "k": k, "draws": 2000} for k in (16, 64, 256)),
    },
)

_UNIVERSAL: tuple[Parameters, ...] = tuple(
    {"L": 2, "rho": 0.6, "first": "normal", "law": law} for law in ("rademacher", "uniform")
)
_SIGNS: Parameters = {"L": 1, "rho": 0.6, "first": "rademacher", "law": "rademacher"}

WEIGHT_LAWS = Experiment(
    id="relu-ntk-weight-laws",
    title="Empirical NTK of random ReLU networks whose weights have other laws of variance 1",
    yields="samples",
    measure=weight_laws.ntk_by_law,
    cells={
        Profile.QUICK: (
            *(cell for law in _UNIVERSAL for cell in cells({**law, "draws": 6000}, (8, 32, 128))),
            *cells({**_SIGNS, "draws": 3000}, (64, 256, 1024)),
        ),
        Profile.FULL: (
            *(cell for law in _UNIVERSAL for cell in cells({**law, "draws": 6000}, (8, 32, 128, 512))),
            *cells({**_SIGNS, "draws": 12000}, (64, 256, 1024, 4096)),
        ),
    },
)
