"""Networks of growing width trained on labels that have nothing to do with the inputs."""

from numerics.training import descent_measure
from verify.experiment import Experiment, Parameters, Profile
from verify.experiments import cells
from verify.quantities import quantity

training_loss = quantity(
    "training_loss",
    typst="1/n sum_i (f(x_i) - y_i)^2",
    latex=r"\frac1n\sum_i(f(x_i)-y_i)^2",
    text="n⁻¹ Σ_i (f(x_i) − y_i)²",
    meaning="the mean squared error on the training data after training",
)

mistakes = quantity(
    "mistakes",
    typst='abs({i : "sgn" f(x_i) != y_i})',
    latex=r"|\{i:\operatorname{sgn}f(x_i)\ne y_i\}|",
    text="|{i : sgn f(x_i) ≠ y_i}|",
    meaning="the number of training inputs that the trained network puts into the wrong class",
)


def _labelled(widths: tuple[int, ...], draws: int) -> tuple[Parameters, ...]:
    """Gradient descent, and mini-batches of 5 of the 20 inputs with a step that is stable for them."""
    common: dict[str, float | int | str] = {"L": 1, "activation": "relu", "steps": 160, "draws": draws}
    return tuple(
        cell
        for size, rate in ((20, 0.15), (5, 0.1))
        for cell in cells({**common, "mini_batch": size, "rate": rate}, widths)
    )


RANDOM_LABELS = Experiment(
    id="random-labels",
    title="Two-layer ReLU networks trained on random labels of 20 points of the unit sphere of R¹⁰ by 160 steps",
    yields="samples",
    measure=descent_measure.random_labels,
    cells={Profile.QUICK: _labelled((1, 2, 64, 256), 240), Profile.FULL: _labelled((1, 2, 64, 256, 1024), 480)},
)
