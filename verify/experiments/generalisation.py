"""How far apart the errors of a regression on its examples and on their whole distribution are."""

from numerics.kernel_machines import generalisation
from verify.experiment import Experiment, Parameters, Profile
from verify.quantities import quantity

generalisation_gap = quantity(
    "generalisation_gap",
    typst="cal(L)(hat(f)) - hat(cal(L))(hat(f))",
    latex=r"\mathcal L(\hat f)-\hat{\mathcal L}(\hat f)",
    text="L(f̂) − L̂(f̂)",
    meaning="the mean loss of the fit over the whole distribution less that over the examples it was fitted to",
)

ball_radius = quantity(
    "ball_radius",
    typst="hat(B)",
    latex=r"\hat B",
    text="B̂",
    meaning="the least of the radii 1, 2, 4, … that the norm of the fit in the Hilbert space does not exceed",
)


def _noisy(examples: int, draws: int) -> tuple[Parameters, ...]:
    """Little noise and a ridge, much noise and next to none."""
    return tuple(
        {"m": examples, "noise": noise, "penalty": penalty, "draws": draws}
        for noise, penalty in ((0.25, 3.0), (1.5, 0.01))
    )


GENERALISATION = Experiment(
    id="ridge-regression-gap",
    title="Ridge regression with the NTK of noisy labels at random corners of the cube in R¹²",
    yields="samples",
    measure=generalisation.risks,
    cells={
        Profile.QUICK: _noisy(256, 520),
        Profile.FULL: (*_noisy(256, 2000), *_noisy(512, 1000)),
    },
)
