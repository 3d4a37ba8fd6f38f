"""One step of gradient descent on a softmax network: how far it is from its prediction of first order."""

from numerics import softmax_step
from verify.experiment import Experiment, Parameters, Profile
from verify.quantities import quantity

_MOVED = "upright(bold(q))^(t+1) - upright(bold(q))^t"
_LATEX = r"\mathbf q^{t+1}-\mathbf q^t"
_FIRST = "eta cal(A) cal(K) (upright(bold(p)) - upright(bold(q))(x_u))"
_PULLED = _FIRST.replace("cal(A) ", "")
_FIRST_LATEX = r"\eta\mathcal A\mathcal K(\mathbf p-\mathbf q(x_u))"
_PULLED_LATEX = _FIRST_LATEX.replace(r"\mathcal A", "")

step_remainder = quantity(
    "step_remainder",
    typst=f"norm({_MOVED} - {_FIRST})",
    latex=rf"\|{_LATEX}-{_FIRST_LATEX}\|",
    text="‖qᵗ⁺¹ − qᵗ − ηAK(p − q(x_u))‖",
    meaning="how far the change of the probabilities in a step is from its first order",
)
change = quantity(
    "change",
    typst=f"norm({_MOVED})",
    latex=rf"\|{_LATEX}\|",
    text="‖qᵗ⁺¹ − qᵗ‖",
    meaning="the change of the probabilities in a step",
)
flipped = quantity(
    "flipped",
    typst=f"norm({_MOVED} + {_FIRST})",
    latex=rf"\|{_LATEX}+{_FIRST_LATEX}\|",
    text="‖qᵗ⁺¹ − qᵗ + ηAK(p − q(x_u))‖",
    meaning="how far the change is from the opposite of its first order",
)
without_jacobian = quantity(
    "without_jacobian",
    typst=f"norm({_MOVED} - {_PULLED})",
    latex=rf"\|{_LATEX}-{_PULLED_LATEX}\|",
    text="‖qᵗ⁺¹ − qᵗ − ηK(p − q(x_u))‖",
    meaning="the same without the Jacobian of the softmax",
)
unnormalised = quantity(
    "unnormalised",
    typst=f"norm({_MOVED} - {_FIRST})_(sum p = 2)",
    latex=rf"\|{_LATEX}-{_FIRST_LATEX}\|_{{\sum p=2}}",
    text="‖qᵗ⁺¹ − qᵗ − ηAK(p − q(x_u))‖, Σp = 2",
    meaning="the remainder of a step with a target that adds up to 2",
)
gradient_norm = quantity(
    "gradient_norm",
    typst='norm(nabla_w z(x_u))_"op"',
    latex=r"\|\nabla_w z(x_u)\|_{\mathrm{op}}",
    text="‖∇z(x_u)‖",
    meaning="the largest singular value of the gradient of the logits at the example that is trained on",
)


def _cells(common: Parameters, values: tuple[int, ...]) -> tuple[Parameters, ...]:
    return tuple({**common, "s": s} for s in values)


STEPS = Experiment(
    id="softmax-step",
    title="One step of gradient descent on one example of a softmax network, for steps η = 1/s",
    yields="samples",
    measure=softmax_step.remainders,
    cells={
        Profile.QUICK: _cells({"draws": 256}, (16, 256, 4096)),
        Profile.FULL: _cells({"draws": 2000}, (16, 64, 256, 1024, 4096)),
    },
)
SHRUNK = Experiment(
    id="softmax-step-short-input",
    title="One step with η = 1/16 on an example x_u of norm 1/s",
    yields="samples",
    measure=softmax_step.remainders,
    cells={
        Profile.QUICK: _cells({"draws": 256, "step": 16}, (8, 64, 512)),
        Profile.FULL: _cells({"draws": 2000, "step": 16}, (8, 32, 128, 512)),
    },
)
