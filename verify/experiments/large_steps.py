"""Wide networks trained by gradient descent with steps around the inverse of the largest eigenvalue."""

from numerics.training import descent_measure
from verify.experiment import Experiment, Parameters, Profile
from verify.quantities import quantity

largest_rise = quantity(
    "largest_rise",
    typst="max_t (cal(L)_(t+1) - cal(L)_t) / cal(L)_t",
    latex=r"\max_t\frac{\mathcal L_{t+1}-\mathcal L_t}{\mathcal L_t}",
    text="max_t (L_(t+1) − L_t)/L_t",
    meaning="the largest relative change of the training loss in a step; negative if every step lowers the loss",
)

remaining_loss = quantity(
    "remaining_loss",
    typst="cal(L)_80 \\/ cal(L)_0",
    latex=r"\mathcal L_{80}/\mathcal L_0",
    text="L_80/L_0",
    meaning="the training loss after 80 steps, as a part of that at the start",
)


def _long(widths: tuple[int, ...], draws: int) -> tuple[Parameters, ...]:
    common: dict[str, float | int | str] = {"L": 1, "activation": "relu", "steps": 80, "draws": draws}
    return tuple({**common, "c": c, "m": m} for c in (0.5, 0.8, 1.25, 1.5, 6.0) for m in widths)


LONG_STEPS = Experiment(
    id="descent-by-long-steps",
    title="Two-layer ReLU networks trained by gradient descent with steps of c/λ_max(K^∞), n = 4",
    yields="samples",
    measure=descent_measure.long_steps,
    cells={Profile.QUICK: _long((512,), 320), Profile.FULL: _long((512, 2048), 480)},
)
