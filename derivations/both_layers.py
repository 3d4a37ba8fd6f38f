"""The two-layer network and its expansion of first order, both layers moving: how far they are apart, with a constant.

With z_j and z_0,j the pre-activations, h_j their change and b_j that of the read-out, neuron j contributes
a_0,j (σ(z_0,j + h_j) - σ(z_0,j) - σ'(z_0,j) h_j) + b_j (σ(z_0,j + h_j) - σ(z_0,j)) to the difference.
"""

import sympy as sp

from derivations import check
from derivations.chain import Chain, Step
from derivations.domain import Equation, unfounded
from derivations.linearisation import Setting, cauchy_schwarz, squared
from derivations.two_layers import NotTwoLayersError, z

_s, _h, _b = sp.symbols("s h b", real=True)
_theta = sp.Symbol("theta", nonnegative=True)
_AT = _s + _theta * _h


def bound(statement: Equation) -> Chain:
    """Derive |f(θ) - f(θ_0) - ⟨∇f(θ_0), θ - θ_0⟩| <= c Σ_j ((Aβ + S)/2 ‖w_j - w_0,j‖² + S/2 (a_j - a_0,j)²).

    The domain declares |a_0,j| <= A, ‖x‖² <= 1, |σ'| <= S and |σ''| <= β; c is the factor of the sum over the neurons.
    The first definition of the statement is that of f(θ_0), the second that of f(θ).
    """
    if obstacle := unfounded(statement):
        return Chain(steps=(), obstacle=obstacle)
    try:
        setting = Setting.read(statement, both_layers=True)
        slope = _slope_bound(statement, setting)
    except NotTwoLayersError as error:
        return Chain(steps=(), obstacle=str(error))
    if setting.inputs != 1:
        return Chain(steps=(), obstacle="the domain does not say that the input is no longer than 1")
    inside, change = statement.lhs.args[0], _change(setting)
    text = "The difference is, but for its sign, a sum over the neurons."
    found = [
        check.finite_sums("difference", text, inside, sign * change, definitions=statement.where) for sign in (1, -1)
    ]
    turned = 1 if found[0].closed or not found[1].closed else -1
    return Chain(steps=(found[0 if turned == 1 else 1], *_assembled(statement, setting, slope, turned)))


def _slope_bound(statement: Equation, setting: Setting) -> sp.Expr:
    values = dict(statement.domain).get(sp.diff(setting.start.activation, z))
    if not isinstance(values, sp.Interval) or values.inf != -values.sup:
        raise NotTwoLayersError("the domain does not bound σ'")
    return values.sup


def _change(setting: Setting) -> sp.Expr:
    """f(θ) - f(θ_0) - ⟨∇f(θ_0), θ - θ_0⟩ as a sum over the neurons."""
    start, end = setting.start, setting.end
    at = {_s: start.inner, _h: setting.change, _b: end.readout - start.readout}
    summand = _summand(setting.start.activation, start.readout).subs(at, simultaneous=True)
    return start.scale * sp.Sum(summand, start.neurons)


def _summand(activation: sp.Expr, readout: sp.Expr) -> sp.Expr:
    """a_0 (σ(s + h) - σ(s) - σ'(s) h) + b (σ(s + h) - σ(s))."""
    moved = activation.subs(z, _s + _h) - activation.subs(z, _s)
    return readout * (moved - sp.diff(activation, z).subs(z, _s) * _h) + _b * moved


def _one_neuron(setting: Setting, slope: sp.Expr, sign: int) -> tuple[Step, ...]:
    """(Aβ + S)/2 h² + S/2 b² - c (…) >= 0 for c = ±1 and the summand (…) of one neuron; the last step, at a neuron."""
    activation, size, curvature = setting.start.activation, setting.readout, setting.curvature
    name, readout = f"neuron-{'above' if sign > 0 else 'below'}", sign * setting.start.readout
    value, first, second = (sp.diff(activation, z, order).subs(z, _AT) for order in range(3))
    squares = slope * (_b**2 + _h**2) / 2
    antiderivative = size * curvature * _h**2 * (_theta - _theta**2 / 2) + squares * _theta
    antiderivative -= readout * (value + (1 - _theta) * _h * first) + sign * _b * value
    density = (1 - _theta) * _h**2 * (size * curvature - readout * second) + squares - sign * _b * _h * first
    below, above = size - readout, size + readout
    split = (1 - _theta) * _h**2 * (below * (curvature + second) + above * (curvature - second)) / 2
    split += ((slope + sign * first) * (_b - _h) ** 2 + (slope - sign * first) * (_b + _h) ** 2) / 4
    gap = size * curvature * _h**2 / 2 + squares - sign * _summand(activation, setting.start.readout)
    integral = sp.Integral(density, (_theta, 0, 1))
    whole = check.by_lemma(
        name,
        "Hence what the neuron contributes, as an integral.",
        gap,
        integral,
        "fundamental theorem of calculus",
        uses=(f"{name}-slope", f"{name}-ends"),
    )
    factors = check.integrands(
        f"{name}-factors",
        "The integrand in parts that are not negative.",
        integral,
        sp.Integral(split, (_theta, 0, 1)),
    )
    positive = check.nonnegative_integral(
        f"{name}-integral",
        "The integrand is not negative where $|a_(0, j)| <= A$, $|sigma'| <= S$ and $|sigma''| <= beta$.",
        factors.rhs,
        given=(below, above, curvature + second, curvature - second, slope + first, slope - first),
    )
    text = "So the contribution is bounded on one side."
    sided = check.inequality(f"{name}-sign", text, -gap, 0, ((1, positive),), of=(whole, factors))
    at = {_s: setting.start.inner, _h: setting.change, _b: setting.end.readout - setting.start.readout}
    placed = gap.subs(at, simultaneous=True)
    return (
        check.derivative(
            f"{name}-slope", "An antiderivative along $s + theta h$.", antiderivative, _theta, integral.function
        ),
        check.identity(
            f"{name}-ends",
            "Its values at $theta = 1$ and $theta = 0$.",
            antiderivative.subs(_theta, 1) - antiderivative.subs(_theta, 0),
            gap,
        ),
        whole,
        factors,
        positive,
        sided,
        check.instance(f"{name}-placed", "At one neuron.", placed, sp.S.Zero, sided, at),
    )


def _assembled(statement: Equation, setting: Setting, slope: sp.Expr, turned: int) -> tuple[Step, ...]:
    """The right side ∓ what stands between the bars as sums of parts that are not negative, and the statement."""
    network = setting.start
    factor = (setting.readout * setting.curvature + slope) / 2
    gap = setting.inputs - squared(setting, network.input)
    inputs = check.nonnegative("inputs-sign", "The hypothesis on the input.", gap, given=(gap,))
    schwarz = cauchy_schwarz(setting)
    found: list[Step] = [inputs, *schwarz]
    sides: list[Step] = []
    for sign in (1, -1):
        neuron = _one_neuron(setting, slope, sign * turned)
        found += neuron
        sides.append(
            check.inequality(
                f"side-{'above' if sign > 0 else 'below'}",
                "The right side minus, or plus, the difference: by $norm(x) <= 1$, by the Cauchy-Schwarz inequality "
                "and by the bound on a neuron.",
                sign * statement.lhs.args[0],
                statement.rhs,
                (
                    (network.scale * factor * squared(setting, setting.move), inputs, network.neurons),
                    (network.scale * factor, schwarz[-1], network.neurons),
                    (network.scale, neuron[-1], network.neurons),
                ),
                definitions=statement.where,
            )
        )
    text = "So the absolute value is bounded."
    both = check.absolute_value("bound", text, statement.lhs, statement.rhs, above=sides[0], below=sides[1])
    return (*found, *sides, both)
