"""Ensembles of two-layer networks trained by gradient descent: outputs at a test point before and after."""

from numerics.training import ensembles
from verify.experiment import Experiment, Profile
from verify.quantities import quantity

output_start = quantity(
    "output_start", typst="f_0 (x)", latex="f_0(x)", text="f_0(x)", meaning="the output at the test point at the start"
)

first_start = quantity(
    "first_start",
    typst="f_0 (x_1)",
    latex="f_0(x_1)",
    text="f_0(x₁)",
    meaning="the output at the first training input at the start",
)

second_start = quantity(
    "second_start",
    typst="f_0 (x_2)",
    latex="f_0(x_2)",
    text="f_0(x₂)",
    meaning="the output at the second training input at the start",
)

output_trained = quantity(
    "output_trained",
    typst="f_oo (x)",
    latex=r"f_\infty(x)",
    text="f_∞(x)",
    meaning="the output of the trained network at the test point",
)

TRAINED_OUTPUTS = Experiment(
    id="trained-outputs",
    title="ReLU networks with one hidden layer, all weights trained by gradient descent on two points of the plane",
    yields="samples",
    measure=ensembles.trained_ensemble,
    cells={
        Profile.QUICK: tuple({"m": m, "steps": 24, "draws": n} for m, n in ((64, 4000), (512, 200), (4096, 800))),
        Profile.FULL: tuple(
            {"m": m, "steps": 24, "draws": n} for m, n in ((64, 4000), (512, 1000), (4096, 1000), (16384, 800))
        ),
    },
)
"""24 steps at the rate 2/5 leave residuals below 1e-8 at m >= 512, and near 1e-4 at most at m = 64."""

TRAINED_ENSEMBLE = Experiment(
    id="trained-ensemble",
    title="Thousands of such networks at one width",
    yields="samples",
    measure=ensembles.trained_ensemble,
    cells={
        Profile.QUICK: ({"m": 512, "steps": 24, "draws": 7200},),
        Profile.FULL: tuple({"m": m, "steps": 24, "draws": 16000} for m in (512, 2048)),
    },
)

flow_output = quantity(
    "flow_output",
    typst='f_"nn" (theta(t), x)',
    latex=r"f_{nn}(\theta(t),x)",
    text="f_nn(θ(t), x)",
    meaning="the scaled output at the test point under gradient flow",
)

descent_output = quantity(
    "descent_output",
    typst='f_"nn" (theta_s, x)',
    latex=r"f_{nn}(\theta_s,x)",
    text="f_nn(θ_s, x)",
    meaning="the scaled output at the test point after s steps of gradient descent of the rate t/s",
)

doubled_output = quantity(
    "doubled_output",
    typst='f_"nn" (theta\'_s, x)',
    latex=r"f_{nn}(\theta'_s,x)",
    text="f_nn(θ'_s, x)",
    meaning="the same for the loss without the factor 1/2",
)

inner_output = quantity(
    "inner_output",
    typst="f(kappa theta''_s, x)",
    latex=r"f(\kappa\theta''_s,x)",
    text="f(κθ''_s, x)",
    meaning="the same with κ on the parameters in place of the output",
)

SCALED_DESCENT = Experiment(
    id="scaled-descent",
    title="Gradient descent of networks with a scaled output against their gradient flow",
    yields="samples",
    measure=ensembles.scaled_descent,
    cells={
        Profile.QUICK: tuple({"m": 64, "time": 32.0, "s": s, "draws": 192} for s in (32, 128, 512)),
        Profile.FULL: tuple({"m": 64, "time": 32.0, "s": s, "draws": 256} for s in (32, 128, 512, 2048)),
    },
)
