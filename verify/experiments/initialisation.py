"""Deep random ReLU networks: their empirical tangent kernel at initialisation."""

from numerics import initialisation
from verify.experiment import Experiment, Profile
from verify.experiments import cells
from verify.quantities import quantity

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
            *cells({"L": 1, "rho": 0.5, "draws": 4000}, (16, 64, 256, 1024, 4096)),
            *cells({"L": 2, "rho": 0.5, "draws": 4000}, (32, 128, 512)),
            *cells({"L": 3, "rho": 0.5, "draws": 4000}, (16, 64, 256)),
        ),
        Profile.FULL: (
            *cells({"L": 1, "rho": 0.5, "draws": 16000}, (16, 64, 256, 1024, 4096, 16384)),
            *cells({"L": 2, "rho": 0.5, "draws": 8000}, (32, 128, 512, 1024)),
            *cells({"L": 3, "rho": 0.5, "draws": 8000}, (16, 64, 256, 1024)),
        ),
    },
)

RELU_NTK_DIAGONAL = Experiment(
    id="relu-ntk-diagonal-law",
    title="Empirical NTK of random ReLU networks with one hidden layer, at a single unit input",
    yields="samples",
    measure=initialisation.empirical_ntk,
    cells={
        Profile.QUICK: cells({"L": 1, "rho": 1.0, "draws": 20000}, (16,)),
        Profile.FULL: cells({"L": 1, "rho": 1.0, "draws": 80000}, (16, 64)),
    },
)

RELU_NTK_THEOREM = Experiment(
    id="relu-ntk-at-the-demanded-width",
    title="Empirical NTK of random ReLU networks at the width the (L+1)ε theorem demands with constant 1",
    yields="samples",
    measure=initialisation.empirical_ntk,
    cells={
        Profile.QUICK: (
            *cells({"L": 1, "rho": 0.5, "draws": 1000}, (16, 128, 384)),
            *cells({"L": 2, "rho": 0.5, "draws": 1000}, (16, 240, 592)),
            *cells({"L": 2, "rho": 1.0, "draws": 1000}, (16, 240, 592)),
        ),
        Profile.FULL: (
            *cells({"L": 1, "rho": 0.5, "draws": 10000}, (16, 128, 384, 2048)),
            *cells({"L": 2, "rho": 0.5, "draws": 4000}, (16, 240, 592, 1024)),
            *cells({"L": 2, "rho": 1.0, "draws": 4000}, (16, 240, 592, 1024)),
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
            *cells({"L": 2, "rho": 0.5, "beta": 1.0, "draws": 4000}, (64, 256, 1024)),
            *cells({"L": 3, "rho": 0.5, "beta": 1.0, "draws": 4000}, (16, 64, 256)),
        ),
        Profile.FULL: (
            *cells({"L": 2, "rho": 0.5, "beta": 1.0, "draws": 8000}, (64, 256, 1024, 4096)),
            *cells({"L": 3, "rho": 0.5, "beta": 1.0, "draws": 8000}, (16, 64, 256, 1024)),
        ),
    },
)
