"""The first layer of two-layer ReLU networks at its start: its weights, its features and its output."""

from numerics import first_layer
from verify.experiment import Experiment, Profile
from verify.experiments import cells
from verify.quantities import quantity

neuron_norm = quantity(
    "neuron_norm",
    typst="norm(w_i)_2",
    latex=r"\|w_i\|_2",
    text="‖w_i‖₂",
    meaning="the norm of the weights of one neuron at the start",
)

largest_neuron = quantity(
    "largest_neuron",
    typst="max_i norm(w_i)_2",
    latex=r"\max_i\|w_i\|_2",
    text="max_i ‖w_i‖₂",
    meaning="the largest of these norms",
)

entries_norm = quantity(
    "entries_norm",
    typst="norm(a dot.o sigma'(W x))_2",
    latex=r"\|a\odot\sigma'(Wx)\|_2",
    text="‖a ⊙ σ'(Wx)‖₂",
    meaning="the norm of the signed indicators of the neurons that are active at an input",
)

feature_norm = quantity(
    "feature_norm",
    typst="norm(phi)_F",
    latex=r"\|\varphi\|_F",
    text="‖φ‖_F",
    meaning="the Frobenius norm of the matrix of features at the start",
)

smallest_singular = quantity(
    "smallest_singular",
    typst="sigma_min (phi)",
    latex=r"\sigma_{\min}(\varphi)",
    text="σ_min(φ)",
    meaning="the smallest of the n singular values of the matrix of features",
)

largest_singular = quantity(
    "largest_singular",
    typst="sigma_max (phi)",
    latex=r"\sigma_{\max}(\varphi)",
    text="σ_max(φ)",
    meaning="the largest of them",
)

initial_output = quantity(
    "initial_output",
    typst="f_(theta^0) (x)",
    latex=r"f_{\theta^0}(x)",
    text="f_θ⁰(x)",
    meaning="the output at a unit input, with independent fair signs a_i",
)

unsigned_output = quantity(
    "unsigned_output",
    typst="f_(theta^0)^+ (x)",
    latex=r"f^+_{\theta^0}(x)",
    text="f⁺_θ⁰(x)",
    meaning="the output of the same first layer with all a_i = 1",
)

_ORTHONORMAL: dict[str, float | int | str] = {"n": 8, "d": 8, "inputs": "orthonormal"}
ORTHONORMAL_FEATURES = Experiment(
    id="features-of-orthonormal-inputs",
    title="Features of two-layer ReLU networks at 8 orthonormal inputs, and the weights",
    yields="samples",
    measure=first_layer.features,
    cells={
        Profile.QUICK: cells({**_ORTHONORMAL, "draws": 1000}, (64, 256)),
        Profile.FULL: cells({**_ORTHONORMAL, "draws": 8000}, (64, 256, 1024)),
    },
)

_CORRELATED: dict[str, float | int | str] = {"n": 8, "d": 8, "inputs": "correlated"}
CORRELATED_FEATURES = Experiment(
    id="features-of-correlated-inputs",
    title="Features of two-layer ReLU networks at 8 unit inputs with inner products 2^(-|i-j|)",
    yields="samples",
    measure=first_layer.features,
    cells={
        Profile.QUICK: cells({**_CORRELATED, "draws": 1000}, (512, 2048)),
        Profile.FULL: cells({**_CORRELATED, "draws": 4000}, (512, 2048, 8192)),
    },
)

FIRST_OUTPUTS = Experiment(
    id="outputs-at-initialisation",
    title="Outputs of two-layer ReLU networks at a unit input, with independent signs and with equal ones",
    yields="samples",
    measure=first_layer.outputs,
    cells={
        Profile.QUICK: cells({"draws": 4000}, (16, 64, 256, 1024)),
        Profile.FULL: cells({"draws": 16000}, (16, 64, 256, 1024, 4096)),
    },
)
