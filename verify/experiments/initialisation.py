"""Deep random ReLU networks: their empirical tangent kernel at initialisation."""

from numerics.dense import measure
from numerics.wide import measure as wide
from verify.experiment import Experiment, Profile
from verify.experiments import cells, planned
from verify.quantities import quantity

ntk = quantity(
    "ntk",
    typst="hat(Theta)_m",
    latex=r"\hat\Theta_m",
    text="Θ̂_m",
    meaning="the empirical NTK ⟨∂f(x)/∂θ, ∂f(x')/∂θ⟩ of a random network of width m",
)

_NARROW_TO_WIDE = {2**4: 4000, 2**8: 4000, 2**12: 1000, 2**16: 400, 2**20: 320}
_WIDER = {2**power: 12000 for power in (4, 6, 8, 10, 12)} | {2**14: 4000, 2**16: 4000, 2**20: 1000, 2**24: 400}

RELU_NTK = Experiment(
    id="relu-ntk-at-initialisation",
    title="Empirical NTK of random ReLU networks with L hidden layers, unit inputs at correlation ρ",
    yields="samples",
    measure=wide.relu_ntk,
    cells={
        Profile.QUICK: planned({"rho": 0.5}, (1, 2, 3), _NARROW_TO_WIDE),
        Profile.FULL: planned({"rho": 0.5}, (1, 2, 3), _WIDER),
    },
)

JACOT_NTK = Experiment(
    id="jacot-ntk-at-initialisation",
    title="Empirical NTK of random ReLU networks with biases in Jacot's parametrisation, L weight layers",
    yields="samples",
    measure=measure.jacot_ntk,
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
