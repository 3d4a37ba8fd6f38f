"""Small convolutional and recurrent networks with shared weights: their empirical tangent kernel at initialisation."""

from numerics.dense import shared_weights
from verify.experiment import Experiment, Parameters, Profile
from verify.experiments import cells

_LONG: Parameters = {"T": 3, "S": 3, "rho": 0.5}
_SHORT: Parameters = {"T": 3, "S": 2, "rho": 0.5}


def _growing(common: Parameters, draws: dict[int, int]) -> tuple[Parameters, ...]:
    """Cells with a number of draws for every width: few where a draw is dear, many where it is cheap."""
    return tuple(cell for m, count in draws.items() for cell in cells({**common, "draws": count}, (m,)))


CONVOLUTIONAL_NTK = Experiment(
    id="convolutional-ntk-at-initialisation",
    title="Empirical NTK of random convolutional ReLU networks with L convolutions of m channels, two images",
    yields="samples",
    measure=shared_weights.convolutional_ntk,
    cells={
        Profile.QUICK: (
            *_growing({"L": 1}, {16: 4000, 64: 2000, 256: 2000, 1024: 1000}),
            *_growing({"L": 2}, {16: 16000, 64: 6000, 256: 1600}),
        ),
        Profile.FULL: (
            *_growing({"L": 1}, {16: 16000, 64: 16000, 256: 8000, 1024: 8000, 4096: 4000}),
            *_growing({"L": 2}, {16: 16000, 64: 16000, 256: 6000, 1024: 2000}),
        ),
    },
)

RECURRENT_NTK = Experiment(
    id="recurrent-ntk-at-initialisation",
    title="Empirical NTK of random recurrent ReLU networks of width m, sequences of T and S inputs at correlation ρ",
    yields="samples",
    measure=shared_weights.recurrent_ntk,
    cells={
        Profile.QUICK: (
            *_growing(_LONG, {16: 16000, 64: 8000, 256: 1600}),
            *_growing(_SHORT, {16: 16000, 64: 8000, 256: 1600}),
        ),
        Profile.FULL: (
            *_growing(_LONG, {16: 16000, 64: 16000, 256: 8000, 1024: 4000}),
            *_growing(_SHORT, {16: 16000, 64: 16000, 256: 8000, 1024: 4000}),
        ),
    },
)
