"""Linear flows know their equation, and are enclosed by a power series that nothing else takes part in."""

import flint
import pytest
import sympy as sp
from flint import arb, arb_mat, fmpq

from derivations.confined_flow import confine
from derivations.flows import LinearFlow, solution
from numerics import balls

i, j, k = sp.symbols("i j k", integer=True)
n = sp.Symbol("n", integer=True, positive=True)
s, t = sp.symbols("s t", real=True)
y = sp.IndexedBase("y", real=True)
A = sp.Function("A", real=True)
FLOW = LinearFlow(k, A(i, j, s), (i, j, s), y[i], n, t)
POINT = {n: 2, k: 1, t: sp.Rational(3, 2), y: {1: 1, 2: -2}}


def test_the_matrix_exponential_agrees() -> None:
    with flint.ctx.workdps(60):
        time = arb(fmpq(7, 3))
        found = solution([[[arb(2), arb(1)], [arb(-1), arb(3)]]], [arb(1), arb(-2)], time)
        exponential = arb_mat(2, 2, [-2 * time, -time, time, -3 * time]).exp()
        expected = [exponential[r, 0] - 2 * exponential[r, 1] for r in (0, 1)]
    assert all(one.overlaps(other) for one, other in zip(found, expected, strict=True))
    assert all(value.rad() < 1e-40 for value in found)


@pytest.mark.parametrize("order", [-1, 0, 1])
def test_a_time_dependent_scalar_flow_has_its_closed_form(order: int) -> None:
    closed = {
        0: 3 * sp.exp(-t - t**2 / 2),
        1: -3 * (1 + t) * sp.exp(-t - t**2 / 2),
        -1: 3
        * sp.exp(sp.Rational(1, 2))
        * sp.sqrt(sp.pi / 2)
        * (sp.erf((1 + t) / sp.sqrt(2)) - sp.erf(1 / sp.sqrt(2))),
    }
    flow = LinearFlow(1, 1 + s, (i, j, s), sp.Integer(3), sp.Integer(1), t, order)
    for time in (0, sp.Rational(1, 7), 2):
        found, expected = (balls.enclose(e, {t: time}) for e in (flow, closed[order]))
        assert found.overlaps(expected)
        assert balls.is_within(found, 30)


def test_derivative_and_integral_are_orders_of_the_same_flow() -> None:
    assert FLOW.diff(t) == FLOW.of_order(1)
    assert FLOW.of_order(-1).diff(t) == FLOW
    assert FLOW.diff(s) == 0
    assert FLOW.at(sp.S.Zero) == y[k]
    assert FLOW.of_order(-1).at(sp.S.Zero) == 0


def test_its_equation_holds_in_balls() -> None:
    point = POINT | {A: sp.Lambda((i, j, s), i * j + s * (i - j))}
    slope, right = (balls.enclose(e, point) for e in (FLOW.of_order(1), FLOW.equation()))
    assert slope.overlaps(right)
    assert slope.rad() < 1e-30


def test_a_component_may_be_called_as_a_bound_index_is() -> None:
    flow = LinearFlow(i, A(i, j, s), (i, j, s), y[i], n, t)
    assert flow.subs(i, 2).args[0] == 2
    assert flow.subs(i, 2).entry == A(i, j, s)
    assert flow.free_symbols >= {i, t, n}


def test_a_matrix_that_is_no_polynomial_in_time_is_refused() -> None:
    with pytest.raises(ValueError, match="polynomial"):
        balls.enclose(FLOW, POINT | {A: sp.Lambda((i, j, s), sp.exp(s))})


def test_weights_stay_in_the_box_they_are_confined_to() -> None:
    box = confine([arb(0), arb(1) / 2], [arb(1), arb(-1)], arb(2), arb(1) / 100)
    assert box.kernel > 0
    weights, readouts, residual = [0.0, 0.5], [1.0, -1.0], 0.01
    step, scale = 1e-3, 2**-0.5
    for _ in range(5000):
        outer = [float((arb(2 * w) / arb(2).sqrt()).erf() + 1) / 2 for w in weights]
        inner = [float((-2 * arb(w) * w).exp() / (2 * arb.pi()).sqrt()) for w in weights]
        slopes = [2 * a * g * scale for a, g in zip(readouts, inner, strict=True)]
        kernel = sum((scale * v) ** 2 for v in outer) + sum(g * g for g in slopes)
        assert box.kernel.contains(arb(kernel))
        weights = [w + step * residual * g for w, g in zip(weights, slopes, strict=True)]
        readouts = [a + step * residual * scale * v for a, v in zip(readouts, outer, strict=True)]
        residual -= step * residual * kernel
    assert all(ball.contains(arb(a)) for ball, a in zip(box.readouts, readouts, strict=True))


def test_a_large_label_cannot_be_confined() -> None:
    with pytest.raises(ValueError, match="label is too large"):
        confine([arb(0)], [arb(1)], arb(1), arb(1))
