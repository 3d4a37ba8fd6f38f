"""Networks with a scaled output κf trained to the end, against kernel regression."""

from numerics.training import scaled_output
from verify.experiment import Experiment, Profile
from verify.quantities import quantity

ntk_error = quantity(
    "ntk_error",
    typst='f_"nn" (x_"te") - f_"ntk" (x_"te")',
    latex=r"f_{nn}(x_{te})-f_{ntk}(x_{te})",
    text="f_nn(x_te) − f_ntk(x_te)",
    meaning="the prediction of the trained network less that of regression with the NTK",
)

nngp_error = quantity(
    "nngp_error",
    typst='f_"nn" (x_"te") - f_"ck" (x_"te")',
    latex=r"f_{nn}(x_{te})-f_{ck}(x_{te})",
    text="f_nn(x_te) − f_ck(x_te)",
    meaning="the prediction of the trained network less that of regression with Σ^(L), the covariance of its output",
)

largest_ntk_error = quantity(
    "largest_ntk_error",
    typst='max_x abs(f_"nn" (x) - f_"ntk" (x))',
    latex=r"\max_x|f_{nn}(x)-f_{ntk}(x)|",
    text="max_x |f_nn(x) − f_ntk(x)|",
    meaning="the largest error against regression with the NTK over the ten test points",
)

steps = quantity(
    "steps",
    typst="s_(1\\/10)",
    latex="s_{1/10}",
    text="s_1/10",
    meaning="the number of steps of gradient descent after which both labels are fitted to 1/10",
)


def _scaled(p: float, draws: dict[int, int]) -> tuple[dict[str, float | int], ...]:
    return tuple({"L": 1, "p": p, "m": m, "draws": n} for m, n in draws.items())


SCALED_OUTPUTS = Experiment(
    id="scaled-outputs",
    title="ReLU networks κf with κ = m^-p trained by gradient flow to the end on six corners of the cube",
    yields="samples",
    measure=scaled_output.against_kernels,
    cells={
        Profile.QUICK: (
            *_scaled(0.25, {32: 800, 128: 400, 1296: 400}),
            *_scaled(0.0, {1296: 400}),
            *_scaled(0.75, {100: 240}),
        ),
        Profile.FULL: (
            *_scaled(0.25, {32: 2000, 128: 1000, 1296: 1000, 5184: 400}),
            *_scaled(0.0, {1296: 800, 5184: 400}),
            *_scaled(0.75, {100: 400, 256: 200}),
        ),
    },
)

_ANGLES = ((2, 128, 400), (4, 1024, 400), (8, 1024, 160), (16, 64, 800), (32, 64, 800), (64, 64, 800))
"""k, the width, the draws in quick."""

CLOSE_POINTS = Experiment(
    id="close-points",
    title="ReLU networks κf with κ = m^(-1/4) trained by gradient flow to the end on two inputs at the angle π/k",
    yields="samples",
    measure=scaled_output.close_points,
    cells={
        profile: tuple({"p": 0.25, "k": k, "m": m, "draws": factor * n} for k, m, n in _ANGLES)
        for profile, factor in ((Profile.QUICK, 1), (Profile.FULL, 4))
    },
)

FITTING_STEPS = Experiment(
    id="steps-to-fit",
    title="Steps of gradient descent until ReLU networks fit two inputs at the angle π/k with opposite labels",
    yields="samples",
    measure=scaled_output.steps_to_fit,
    cells={
        Profile.QUICK: tuple({"m": 1024, "k": k, "draws": 40} for k in (2, 8, 32)),
        Profile.FULL: tuple({"m": 4096, "k": k, "draws": 80} for k in (2, 8, 32)),
    },
)
