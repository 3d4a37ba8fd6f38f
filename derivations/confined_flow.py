"""Gradient flow of a sigmoid network on one example, enclosed for all times by confining its weights to a box.

While the weights stay in a box, the kernel K stays between two bounds k <= K <= k', so the residual is at most
|y| exp(-kt), and no weight moves by more than its largest slope in the box times |y|/k. If that is less than the width
of the box, the weights never leave it, and |y| exp(-k't) <= |r(t)| <= |y| exp(-kt) at all times.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sympy as sp
from flint import arb
from sympy.core.symbol import Str

from numerics.balls import Evaluator


class Quantity(StrEnum):
    """What is asked about the flow."""

    READOUT_SPEED = "readout speed"
    """|da_r/dt| at time t."""
    WEIGHT_SPEED = "weight speed"
    """|dw_r/dt| at time t."""
    READOUT_MOVEMENT = "readout movement"
    """|a_r(t) - a_r(0)|."""
    WEIGHT_MOVEMENT = "weight movement"
    """|w_r(t) - w_r(0)|."""
    SMALLEST_KERNEL = "smallest kernel"
    """inf_t K(t)."""
    LARGEST_READOUT = "largest readout"
    """sup_t max_r |a_r(t)|."""


class SigmoidFlow(sp.Expr):
    """A quantity of gradient flow on ½ (y - f̂)², f = m^(-1/2) Σ_r a_r Φ(w_r x), f̂ = f - f_init, both layers trained.

    `SigmoidFlow(quantity, neuron, (w, a), (x, y), m, t)`: the families w and a hold the weights at time 0.
    """

    def __new__(  # noqa: PLR0917 - the parts of one training run
        cls, quantity: Quantity | Str, neuron: Any, weights: Any, example: Any, width: Any, time: Any
    ) -> SigmoidFlow:
        name = quantity if isinstance(quantity, Str) else Str(quantity.value)
        return sp.Expr.__new__(cls, name, neuron, sp.Tuple(*weights), sp.Tuple(*example), width, time)

    quantity = property(lambda self: Quantity(self.args[0].name))
    neuron = property(lambda self: self.args[1])

    is_commutative = True
    is_extended_real = True
    is_finite = True
    is_extended_nonnegative = True

    def enclose_in(self, evaluate: Evaluator) -> arb:
        """Enclose by confinement. Raises ValueError where the label is too large for the weights to be confined."""
        _, neuron, (w, a), (x, y), width, time = self.args
        neurons = range(1, int(evaluate.integer(width)) + 1)
        box = confine([evaluate(w[r]) for r in neurons], [evaluate(a[r]) for r in neurons], evaluate(x), evaluate(y))
        if self.quantity is Quantity.SMALLEST_KERNEL:
            return box.kernel
        if self.quantity is Quantity.LARGEST_READOUT:
            return _largest([abs(readout) for readout in box.readouts])
        r = int(evaluate.integer(neuron)) - 1
        of_readout = self.quantity in {Quantity.READOUT_SPEED, Quantity.READOUT_MOVEMENT}
        slopes = box.readout_slopes if of_readout else box.weight_slopes
        if self.quantity in {Quantity.READOUT_SPEED, Quantity.WEIGHT_SPEED}:
            return abs(evaluate(y)) * (-evaluate(time) * box.kernel).exp() * slopes[r]
        # The residual keeps its sign, and so does the slope unless its enclosure holds 0: |∫ r s| is ∫ |r| |s|.
        return abs(evaluate(y)) * _decayed(box.kernel, evaluate(time)) * slopes[r]

    def _typst(self, printer: Any) -> str:
        r, t = printer.doprint(self.neuron), printer.doprint(self.args[5])
        return {
            Quantity.READOUT_SPEED: f"abs(frac(dif a_({r}), dif t)({t}))",
            Quantity.WEIGHT_SPEED: f"abs(frac(dif w_({r}), dif t)({t}))",
            Quantity.READOUT_MOVEMENT: f"abs(a_({r}) ({t}) - a_({r}) (0))",
            Quantity.WEIGHT_MOVEMENT: f"abs(w_({r}) ({t}) - w_({r}) (0))",
            Quantity.SMALLEST_KERNEL: "inf_(t >= 0) K(t)",
            Quantity.LARGEST_READOUT: "sup_(t >= 0) max_r abs(a_r (t))",
        }[self.quantity]

    def _text(self, printer: Any) -> str:
        r, t = printer.doprint(self.neuron), printer.doprint(self.args[5])
        return {
            Quantity.READOUT_SPEED: f"|da_({r})/dt ({t})|",
            Quantity.WEIGHT_SPEED: f"|dw_({r})/dt ({t})|",
            Quantity.READOUT_MOVEMENT: f"|a_({r})({t}) − a_({r})(0)|",
            Quantity.WEIGHT_MOVEMENT: f"|w_({r})({t}) − w_({r})(0)|",
            Quantity.SMALLEST_KERNEL: "inf_(t ≥ 0) K(t)",
            Quantity.LARGEST_READOUT: "sup_(t ≥ 0) max_r |a_r(t)|",
        }[self.quantity]

    def _latex(self, printer: Any) -> str:
        r, t = printer.doprint(self.neuron), printer.doprint(self.args[5])
        return {
            Quantity.READOUT_SPEED: rf"\left|\frac{{da_{{{r}}}}}{{dt}}\left({t}\right)\right|",
            Quantity.WEIGHT_SPEED: rf"\left|\frac{{dw_{{{r}}}}}{{dt}}\left({t}\right)\right|",
            Quantity.READOUT_MOVEMENT: rf"\left|a_{{{r}}}\left({t}\right)-a_{{{r}}}(0)\right|",
            Quantity.WEIGHT_MOVEMENT: rf"\left|w_{{{r}}}\left({t}\right)-w_{{{r}}}(0)\right|",
            Quantity.SMALLEST_KERNEL: r"\inf_{t \ge 0} K(t)",
            Quantity.LARGEST_READOUT: r"\sup_{t \ge 0} \max_r \left|a_r(t)\right|",
        }[self.quantity]


@dataclass(frozen=True)
class Box:
    """Enclosures that hold at all times: the read-outs, the kernel, and the slopes |∂f/∂a_r| and |∂f/∂w_r|."""

    readouts: list[arb]
    kernel: arb
    readout_slopes: list[arb]
    weight_slopes: list[arb]


def confine(weights: list[arb], readouts: list[arb], x: arb, y: arb) -> Box:
    """Enclose the weights of the flow for all times in a box around their start.

    Raises ValueError when no box is found that the weights do not leave: |y| is too large for that.
    """
    radius = arb(0)
    for _ in range(50):
        box = _box([w + arb(0, radius) for w in weights], [a + arb(0, radius) for a in readouts], x)
        if not box.kernel > 0:
            break
        slope = _largest([*box.readout_slopes, *box.weight_slopes])
        reach = (slope * abs(y) / box.kernel.lower()).upper()
        if reach < radius:
            return box
        radius = (2 * reach).abs_upper()
    raise ValueError("the weights could not be confined: the label is too large for the kernel")


def _box(weights: list[arb], readouts: list[arb], x: arb) -> Box:
    scale = 1 / arb(len(weights)).sqrt()
    readout_slopes = [scale * _cdf(w * x) for w in weights]
    weight_slopes = [scale * abs(a) * _pdf(w * x) * abs(x) for w, a in zip(weights, readouts, strict=True)]
    kernel = sum((slope * slope for slope in (*readout_slopes, *weight_slopes)), arb(0))
    return Box(readouts, kernel, readout_slopes, weight_slopes)


def _decayed(rates: arb, time: arb) -> arb:
    """∫_0^t exp(-Ks) ds = (1 - exp(-Kt))/K, for all K > 0 of an enclosure; it decreases in K."""
    slow, fast = ((1 - (-time * rate).exp()) / rate for rate in (rates.lower(), rates.upper()))
    return fast.union(slow)


def _cdf(z: arb) -> arb:
    return (-z / arb(2).sqrt()).erfc() / 2


def _pdf(z: arb) -> arb:
    return (-z * z / 2).exp() / (2 * arb.pi()).sqrt()


def _largest(values: list[arb]) -> arb:
    largest = arb(0)
    for value in values:
        largest = largest.max(value)
    return largest
