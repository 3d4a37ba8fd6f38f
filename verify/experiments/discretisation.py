"""Gradient descent beside its flow, and beside the linearised network: what steps of a given length do."""

from numerics.training import descent_measure
from verify.experiment import Experiment, Parameters, Profile
from verify.experiments import cells
from verify.quantities import notation, quantity

euler_gap = quantity(
    "euler_gap",
    typst="max_t norm(upright(bold(f))_(t\\/eta)^eta - upright(bold(f))(t))_infinity",
    latex=r"\max_t\|\mathbf f^\eta_{t/\eta}-\mathbf f(t)\|_\infty",
    text="max_t ‖f^η_(t/η) − f(t)‖∞",
    meaning="the distance of the outputs after t/η steps of length η of gradient descent to those of gradient flow at "
    "the time t, at t = T/8, 2T/8, …, T",
)

slow_gap = quantity(
    "slow_gap",
    typst="max_t norm(upright(bold(f))_(t\\/eta)^eta - upright(bold(f))(t\\/2))_infinity",
    latex=r"\max_t\|\mathbf f^\eta_{t/\eta}-\mathbf f(t/2)\|_\infty",
    text="max_t ‖f^η_(t/η) − f(t/2)‖∞",
    meaning="the same distance to the flow at half the time",
)

STEPS = notation("N", typst="N", latex="N", text="N")
"""The number of steps of descent, as a parameter of experiments."""

MINI_BATCH = notation("mini_batch", typst="abs(B)", latex="|B|", text="|B|")
"""The number of inputs in a mini-batch, as a parameter of experiments."""

_TWO_LAYERS: dict[str, float | int | str] = {"loss": "square", "L": 1, "m": 64, "activation": "normal_cdf", "T": 8.0}
_THREE_LAYERS: dict[str, float | int | str] = {"loss": "logistic", "L": 2, "m": 64, "activation": "tanh", "T": 16.0}


def _steps(common: dict[str, float | int | str], numbers: tuple[int, ...], draws: int) -> tuple[Parameters, ...]:
    return tuple({**common, "draws": draws, "N": number} for number in numbers)


SQUARE_LOSS = Experiment(
    id="descent-and-flow-square",
    title="Gradient descent and gradient flow of two-layer sigmoid networks under the square loss, n = 4, m = 64",
    yields="samples",
    measure=descent_measure.against_flow,
    cells={
        Profile.QUICK: _steps(_TWO_LAYERS, (8, 64, 512), 128),
        Profile.FULL: _steps(_TWO_LAYERS, (8, 64, 512, 2048), 256),
    },
)

LOGISTIC_LOSS = Experiment(
    id="descent-and-flow-logistic",
    title="Gradient descent and gradient flow of tanh networks with two hidden layers under the logistic loss, n = 4",
    yields="samples",
    measure=descent_measure.against_flow,
    cells={
        Profile.QUICK: _steps(_THREE_LAYERS, (8, 64, 512), 192),
        Profile.FULL: _steps(_THREE_LAYERS, (8, 64, 512, 2048), 256),
    },
)

other_batches_gap = quantity(
    "other_batches_gap",
    typst='sup_t max_x abs(f_t (x) - tilde(f)_t^"lin" (x))',
    latex=r"\sup_t\max_x|f_t(x)-\tilde f_t^{\mathrm{lin}}(x)|",
    text="sup_t max_x |f_t(x) − f̃_t^lin(x)|",
    meaning="the distance at the test points to the linearised network trained by batches shuffled anew",
)


def _linearised(widths: dict[int, tuple[int, ...]], draws: int) -> tuple[Parameters, ...]:
    """Networks of L hidden layers at the widths of each L, trained by full and by half batches of the 4 inputs."""
    common: dict[str, float | int | str] = {"activation": "tanh", "rate": 0.25, "steps": 16, "draws": draws}
    return tuple(
        cell
        for depth, of_depth in widths.items()
        for size in (4, 2)
        for cell in cells({**common, "L": depth, "mini_batch": size}, of_depth)
    )


LINEARISED = Experiment(
    id="descent-and-linearisation",
    title="Tanh networks and their linearisation trained by the same steps of (stochastic) gradient descent, n = 4",
    yields="samples",
    measure=descent_measure.against_linear,
    cells={
        Profile.QUICK: _linearised({1: (16, 128, 1024), 2: (16, 64, 256)}, 360),
        Profile.FULL: _linearised({1: (16, 128, 1024, 4096), 2: (16, 64, 256, 512)}, 400),
    },
)
