"""The shared experiments: what is measured, at which widths and with how many draws, and the columns they yield.

Widths of one experiment are a factor of four apart or more, so that the O(1/m) bias can be eliminated between the
two largest; the numbers of draws are what the declared power needs (`verify.decide.beta`), no more.
"""

from collections.abc import Iterable

from numerics import gradient_flow, initialisation, two_layer
from verify.experiment import Experiment, Parameters, Profile
from verify.quantities import quantity


def _cells(common: dict[str, float | int | str], widths: Iterable[int]) -> tuple[Parameters, ...]:
    return tuple({**common, "m": m} for m in widths)


ntk = quantity(
    "ntk",
    typst="hat(Theta)_m",
    latex=r"\hat\Theta_m",
    text="Θ̂_m",
    meaning="the empirical NTK ⟨∂f(x)/∂θ, ∂f(x')/∂θ⟩ of a random network of width m",
)

RELU_NTK = Experiment(
    id="relu-ntk-at-initialisation",
    title="Empirical NTK of random ReLU networks with L hidden layers, unit inputs at correlation ρ",
    yields="samples",
    measure=initialisation.empirical_ntk,
    cells={
        Profile.QUICK: (
            *_cells({"L": 1, "rho": 0.5, "draws": 4000}, (16, 64, 256, 1024, 4096)),
            *_cells({"L": 2, "rho": 0.5, "draws": 4000}, (32, 128, 512)),
            *_cells({"L": 3, "rho": 0.5, "draws": 4000}, (16, 64, 256)),
        ),
        Profile.FULL: (
            *_cells({"L": 1, "rho": 0.5, "draws": 16000}, (16, 64, 256, 1024, 4096, 16384)),
            *_cells({"L": 2, "rho": 0.5, "draws": 8000}, (32, 128, 512, 1024)),
            *_cells({"L": 3, "rho": 0.5, "draws": 8000}, (16, 64, 256, 1024)),
        ),
    },
)

RELU_NTK_DIAGONAL = Experiment(
    id="relu-ntk-diagonal-law",
    title="Empirical NTK of random ReLU networks with one hidden layer, at a single unit input",
    yields="samples",
    measure=initialisation.empirical_ntk,
    cells={
        Profile.QUICK: _cells({"L": 1, "rho": 1.0, "draws": 20000}, (16,)),
        Profile.FULL: _cells({"L": 1, "rho": 1.0, "draws": 80000}, (16, 64)),
    },
)

RELU_NTK_THEOREM = Experiment(
    id="relu-ntk-at-the-demanded-width",
    title="Empirical NTK of random ReLU networks at the width the (L+1)ε theorem demands with constant 1",
    yields="samples",
    measure=initialisation.empirical_ntk,
    cells={
        Profile.QUICK: (
            *_cells({"L": 1, "rho": 0.5, "draws": 1000}, (16, 128, 384)),
            *_cells({"L": 2, "rho": 0.5, "draws": 1000}, (16, 240, 592)),
            *_cells({"L": 2, "rho": 1.0, "draws": 1000}, (16, 240, 592)),
        ),
        Profile.FULL: (
            *_cells({"L": 1, "rho": 0.5, "draws": 10000}, (16, 128, 384, 2048)),
            *_cells({"L": 2, "rho": 0.5, "draws": 4000}, (16, 240, 592, 1024)),
            *_cells({"L": 2, "rho": 1.0, "draws": 4000}, (16, 240, 592, 1024)),
        ),
    },
)

JACOT_NTK = Experiment(
    id="jacot-ntk-at-initialisation",
    title="Empirical NTK of random ReLU networks with biases in Jacot's parametrisation, L weight layers",
    yields="samples",
    measure=initialisation.jacot_ntk,
    cells={
        Profile.QUICK: (
            *_cells({"L": 2, "rho": 0.5, "beta": 1.0, "draws": 4000}, (64, 256, 1024)),
            *_cells({"L": 3, "rho": 0.5, "beta": 1.0, "draws": 4000}, (16, 64, 256)),
        ),
        Profile.FULL: (
            *_cells({"L": 2, "rho": 0.5, "beta": 1.0, "draws": 8000}, (64, 256, 1024, 4096)),
            *_cells({"L": 3, "rho": 0.5, "beta": 1.0, "draws": 8000}, (16, 64, 256, 1024)),
        ),
    },
)

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
        Profile.QUICK: _cells({"rho": 0.5, "draws": 4000}, (64, 256, 1024, 4096)),
        Profile.FULL: _cells({"rho": 0.5, "draws": 16000}, (64, 256, 1024, 4096, 16384, 65536)),
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
        Profile.QUICK: _cells({"rho": 0.5, "draws": 4000}, (64, 256, 1024, 4096)),
        Profile.FULL: _cells({"rho": 0.5, "draws": 16000}, (64, 256, 1024, 4096, 16384)),
    },
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
        Profile.QUICK: _cells({"draws": 400}, (64, 256, 1024, 4096, 16384)),
        Profile.FULL: _cells({"draws": 2000}, (64, 256, 1024, 4096, 16384, 65536)),
    },
)

t = quantity("t", typst="t", latex="t", text="t", meaning="training time under gradient flow")
residual_norm = quantity(
    "residual_norm",
    typst="norm(upright(bold(y)) - upright(bold(u))(t))",
    latex=r"\|\mathbf y-\mathbf u(t)\|",
    text="‖y − u(t)‖",
    meaning="the norm of the residual on the training data",
)
label_norm = quantity(
    "label_norm",
    typst="norm(upright(bold(y)))",
    latex=r"\|\mathbf y\|",
    text="‖y‖",
    meaning="the norm of the labels",
)
lambda_bar = quantity(
    "lambda_bar",
    typst="overline(lambda)",
    latex=r"\bar\lambda",
    text="λ̄",
    meaning="a lower bound of the smallest eigenvalue of K over the whole path",
)
lambda_max = quantity(
    "lambda_max",
    typst="lambda_max",
    latex=r"\lambda_{\max}",
    text="λ_max",
    meaning="an upper bound of the largest eigenvalue of K over the whole path",
)
weight_speed = quantity(
    "weight_speed",
    typst="max_r norm((dif upright(bold(w))_r (t)) / (dif t))",
    latex=r"\max_r\left\|\frac{d\mathbf w_r(t)}{dt}\right\|",
    text="max_r ‖dw_r(t)/dt‖",
    meaning="the largest speed of a neuron's weight vector",
)
readout_speed = quantity(
    "readout_speed",
    typst="max_r abs((dif a_r (t)) / (dif t))",
    latex=r"\max_r\left|\frac{da_r(t)}{dt}\right|",
    text="max_r |da_r(t)/dt|",
    meaning="the largest speed of a read-out weight",
)
readout_bound = quantity(
    "readout_bound",
    typst="gamma",
    latex=r"\gamma",
    text="γ",
    meaning="a bound on all read-out weights over the whole path",
)
constant_c = quantity(
    "constant_c",
    typst="C(sigma, upright(bold(X)), n)",
    latex=r"C(\sigma,\mathbf X,n)",
    text="C(σ, X, n)",
    meaning="n · max(‖σ‖∞, ‖σ'‖∞) · max_i ‖x_i‖",
)

FLOW_PATHS = Experiment(
    id="sigmoid-gradient-flow",
    title="Gradient flow of two-layer sigmoid networks, both layers trained, n = 4 unit inputs",
    yields="paths",
    measure=gradient_flow.paths,
    cells={
        Profile.QUICK: tuple({"m": m, "T": 60.0, "replicate": r} for m in (64, 256, 1024) for r in range(4)),
        Profile.FULL: tuple({"m": m, "T": 60.0, "replicate": r} for m in (64, 256, 1024, 4096) for r in range(8)),
    },
)

max_movement = quantity(
    "max_movement",
    typst="max_r norm(theta_r (T) - theta_r (0))",
    latex=r"\max_r\|\theta_r(T)-\theta_r(0)\|",
    text="max_r ‖θ_r(T) − θ_r(0)‖",
    meaning="the largest movement of a neuron's parameters, weights and read-out, during training",
)
total_movement = quantity(
    "total_movement",
    typst="norm(theta(T) - theta(0))",
    latex=r"\|\theta(T)-\theta(0)\|",
    text="‖θ(T) − θ(0)‖",
    meaning="the movement of all parameters together during training",
)

MOVEMENT = Experiment(
    id="movement-in-training",
    title="Movement of the parameters of two-layer sigmoid networks trained by gradient flow, both layers, n = 4",
    yields="samples",
    measure=gradient_flow.movement,
    cells={
        Profile.QUICK: _cells({"T": 60.0, "draws": 128}, (32, 128, 512, 2048)),
        Profile.FULL: _cells({"T": 60.0, "draws": 256}, (32, 128, 512, 2048, 8192)),
    },
)
