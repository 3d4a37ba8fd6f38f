"""Two-layer sigmoid networks trained by gradient flow."""

from numerics import gradient_flow
from verify.experiment import Experiment, Profile
from verify.experiments import cells
from verify.quantities import quantity

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

weight_movement = quantity(
    "weight_movement",
    typst="max_r norm(upright(bold(w))_r (t) - upright(bold(w))_r (0))",
    latex=r"\max_r\|\mathbf w_r(t)-\mathbf w_r(0)\|",
    text="max_r ‖w_r(t) − w_r(0)‖",
    meaning="how far the weight vector of a neuron has moved, at most",
)

readout_movement = quantity(
    "readout_movement",
    typst="max_r abs(a_r (t) - a_r (0))",
    latex=r"\max_r|a_r(t)-a_r(0)|",
    text="max_r |a_r(t) − a_r(0)|",
    meaning="how far a read-out weight has moved, at most",
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
        Profile.QUICK: cells({"T": 60.0, "draws": 128}, (32, 128, 512, 2048)),
        Profile.FULL: cells({"T": 60.0, "draws": 256}, (32, 128, 512, 2048, 8192)),
    },
)
