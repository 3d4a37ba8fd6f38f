"""Two-layer networks at initialisation: kernels of the first layer, Gram entries, the linearised fit."""

from numerics import two_layer
from verify.experiment import Experiment, Profile
from verify.experiments import cells
from verify.quantities import quantity

kernel = quantity(
    "kernel",
    typst="k_bold(w)",
    latex=r"k_{\mathbf w}",
    text="k_w",
    meaning="the empirical NTK of the first layer of a shallow ReLU network at two unit inputs",
)

FIRST_LAYER_KERNEL = Experiment(
    id="first-layer-kernel",
    title="Empirical NTK of the first layer of a shallow ReLU network, unit inputs at correlation ρ",
    yields="samples",
    measure=two_layer.first_layer_kernel,
    cells={
        Profile.QUICK: cells({"rho": 0.5, "draws": 4000}, (64, 256, 1024, 4096)),
        Profile.FULL: cells({"rho": 0.5, "draws": 16000}, (64, 256, 1024, 4096, 16384, 65536)),
    },
)

gram_g = quantity(
    "gram_g",
    typst="upright(G)_(i j)(0)",
    latex=r"\mathbf G_{ij}(0)",
    text="G_ij(0)",
    meaning="an entry of the read-out part G of the empirical kernel matrix",
)

gram_h = quantity(
    "gram_h",
    typst="upright(H)_(i j)(0)",
    latex=r"\mathbf H_{ij}(0)",
    text="H_ij(0)",
    meaning="an entry of the first-layer part H of the empirical kernel matrix",
)

GRAM_ENTRIES = Experiment(
    id="sigmoid-gram-entries",
    title="Entries of G(0) and H(0) of two-layer sigmoid networks, unit inputs at correlation ρ",
    yields="samples",
    measure=two_layer.gram_entries,
    cells={
        Profile.QUICK: cells({"rho": 0.5, "draws": 500}, (64, 256, 1024, 4096)),
        Profile.FULL: cells({"rho": 0.5, "draws": 2000}, (64, 256, 1024, 4096, 16384)),
    },
    looks=dict.fromkeys(Profile, (1, 2, 4, 8)),
    pilot=1000,
)

solution_norm = quantity(
    "solution_norm",
    typst="norm(hat(theta))_2",
    latex=r"\|\hat\theta\|_2",
    text="‖θ̂‖₂",
    meaning="the norm of the minimum-norm solution of the linearised problem",
)

initial_norm = quantity(
    "initial_norm",
    typst="norm(theta^0)_2",
    latex=r"\|\theta^0\|_2",
    text="‖θ⁰‖₂",
    meaning="the norm of the initial weights",
)

MINIMUM_NORM = Experiment(
    id="minimum-norm-solution",
    title="Minimum-norm solution of the linearised two-layer ReLU network on n = 8 points of the unit sphere, d = 8",
    yields="samples",
    measure=two_layer.min_norm_solution,
    cells={
        Profile.QUICK: cells({"draws": 400}, (64, 256, 1024, 4096, 16384)),
        Profile.FULL: cells({"draws": 2000}, (64, 256, 1024, 4096, 16384, 65536)),
    },
)
