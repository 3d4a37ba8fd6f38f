"""Linear gradient flows as SymPy nodes: a component of the solution of r'(s) = -A(s) r(s), its integral and its slope.

The node knows its differential equation and its start, nothing else; in ball arithmetic it is enclosed by the power
series of the solution with a majorant for the tail, so that no exponential, eigenvalue or inverse takes part.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import flint
import sympy as sp

from numerics.balls import Evaluator


@dataclass(frozen=True)
class _Marks:
    """How a flow is printed in one dialect."""

    entries: str
    exponential: str
    ordered: str
    integral: str
    slope: str
    running: str


_TYPST = _Marks(
    entries="({entry})_({at})",
    exponential="[exp(-{until} {matrix}) {start}]_({component})",
    ordered="[cal(T) exp(-integral_0^({until}) {matrix} dif {clock}) {start}]_({component})",
    integral="integral_0^({time}) {solution} dif tau",
    slope="frac(dif, dif {time}) {solution}",
    running="tau",
)
_TEXT = _Marks(
    entries="({entry})_({at})",
    exponential="[exp(−{until} {matrix}) {start}]_({component})",
    ordered="[T exp(−∫_0^{until} {matrix} d{clock}) {start}]_({component})",
    integral="∫_0^{time} {solution} dτ",
    slope="d/d{time} {solution}",
    running="τ",
)
_LATEX = _Marks(
    entries=r"\left({entry}\right)_{{{at}}}",
    exponential=r"\left[\exp\left(-{until} {matrix}\right) {start}\right]_{{{component}}}",
    ordered=r"\left[\mathcal{{T}} \exp\left(-\int_0^{{{until}}} {matrix} \,d{clock}\right) {start}\right]"
    r"_{{{component}}}",
    integral=r"\int_0^{{{time}}} {solution} \,d\tau",
    slope=r"\frac{{d}}{{d{time}}} {solution}",
    running=r"\tau",
)


class LinearFlow(sp.Expr):
    """Component `component` at time `time` of r(s), where r' = -A(s) r and r(0) = start, in `size` dimensions.

    `LinearFlow(component, entry, (row, column, clock), start, size, time, order)`: `entry` is A_(row, column)(clock),
    `start` the component `row` of r(0). The order 0 is r itself, 1 its derivative and -1 its integral from 0 to
    `time`.

    >>> i, j, s, t = sp.symbols("i j s t")
    >>> r = LinearFlow(1, sp.KroneckerDelta(i, j), (i, j, s), sp.Integer(3), sp.Integer(2), t)
    >>> r.equation()
    -Sum(KroneckerDelta(1, j)*LinearFlow(j, KroneckerDelta(i, j), (i, j, s), 3, 2, t, 0), (j, 1, 2))
    """

    def __new__(  # noqa: PLR0917 - the parts of one equation
        cls, component: Any, entry: Any, bound: Any, start: Any, size: Any, time: Any, order: Any = 0
    ) -> LinearFlow:
        parts = (component, entry, sp.Tuple(*bound), start, size, time, order)
        node = sp.Expr.__new__(cls, *(sp.sympify(part, strict=True) for part in parts))
        if node.order not in (-1, 0, 1):
            raise ValueError(f"a linear flow is known to the orders -1, 0 and 1, not {node.order}")
        return node

    component = property(lambda self: self.args[0])
    entry = property(lambda self: self.args[1])
    bound = property(lambda self: self.args[2])
    start = property(lambda self: self.args[3])
    size = property(lambda self: self.args[4])
    time = property(lambda self: self.args[5])
    order = property(lambda self: int(self.args[6]))

    is_commutative = True
    is_extended_real = True
    is_finite = True

    @property
    def bound_symbols(self) -> list[sp.Symbol]:
        return list(self.bound)

    @property
    def free_symbols(self) -> set[sp.Basic]:
        inside = (self.entry.free_symbols | self.start.free_symbols) - set(self.bound)
        return inside | self.component.free_symbols | self.size.free_symbols | self.time.free_symbols

    def _eval_subs(self, old: sp.Expr, new: sp.Expr) -> sp.Expr | None:
        if old not in self.bound:
            return None
        args = list(self.args)
        for position in (0, 4, 5):
            args[position] = args[position]._subs(old, new)
        return self.func(*args)

    def _eval_derivative(self, symbol: sp.Symbol) -> sp.Expr:
        if symbol in (self.entry.free_symbols | self.start.free_symbols) - set(self.bound):
            raise NotImplementedError(f"how a flow depends on {symbol} through its equation is not known")
        return self.time.diff(symbol) * self.of_order(self.order + 1)

    def of_order(self, order: int) -> LinearFlow:
        """The same flow, of another order."""
        return self.func(*self.args[:6], order)

    def at(self, time: sp.Expr) -> sp.Expr:
        """The value at another time; at 0 the start, by definition."""
        if time == 0 and self.order == 0:
            return self.start.subs(self.bound[0], self.component)
        return sp.S.Zero if time == 0 and self.order == -1 else self.func(*self.args[:5], time, self.order)

    def equation(self, order: int = 1) -> sp.Expr:
        """The derivative of the flow as its differential equation gives it: -Σ_j A_ij(time) r_j(time)."""
        row, column, clock = self.bound
        entry = self.entry.subs({row: self.component, clock: self.time}, simultaneous=True)
        flow = self.func(column, *self.args[1:6], order - 1)
        return -sp.Sum(entry * flow, (column, 1, self.size))

    def _typst(self, printer: Any) -> str:
        return self._shown(printer, _TYPST)

    def _text(self, printer: Any) -> str:
        return self._shown(printer, _TEXT)

    def _latex(self, printer: Any) -> str:
        return self._shown(printer, _LATEX)

    def _shown(self, printer: Any, marks: _Marks) -> str:
        """The solution operator applied to the start: a matrix exponential, time-ordered if the matrix varies."""
        row, column, clock = self.bound
        show = printer.doprint
        until = show(self.time) if self.order != -1 else marks.running
        matrix = marks.entries.format(entry=show(self.entry), at=f"{show(row)} {show(column)}")
        varies = self.entry.has(clock)
        form = marks.ordered if varies else marks.exponential
        start = marks.entries.format(entry=show(self.start), at=show(row))
        solution = form.format(
            matrix=matrix, clock=show(clock), until=until, start=start, component=show(self.component)
        )
        return (marks.slope, "{solution}", marks.integral)[1 - self.order].format(
            solution=solution, time=show(self.time)
        )

    def enclose_in(self, evaluate: Evaluator) -> flint.arb:
        """Enclose by the power series in time. Raises ValueError if A is no polynomial in time."""
        row, column, clock = self.bound
        size, component = evaluate.integer(self.size), evaluate.integer(self.component)
        indices = [sp.Integer(index) for index in range(1, size + 1)]
        entry = _written_out(self.entry, evaluate)
        entries = [[entry.xreplace({row: i, column: j}) for j in indices] for i in indices]
        start = [evaluate(self.start.xreplace({row: i})) for i in indices]
        matrices = _coefficients(entries, clock, evaluate)
        return solution(matrices, start, evaluate(self.time), self.order)[component - 1]


def unfolded(expr: sp.Expr) -> sp.Expr:
    """Replace derivatives of flows by what their differential equations say, and flows at time 0 by their starts."""

    def unfold(flow: LinearFlow) -> sp.Expr:
        return flow.equation() if flow.order == 1 else flow.at(flow.time)

    return expr.replace(lambda e: isinstance(e, LinearFlow), unfold)


def _coefficients(entries: list[list[sp.Expr]], clock: sp.Symbol, evaluate: Evaluator) -> list[list[list[flint.arb]]]:
    """The matrices A_0, A_1, … of A(s) = Σ_p A_p s^p."""
    polynomials = []
    for row in entries:
        if not all(entry.is_polynomial(clock) for entry in row):
            raise ValueError(f"a flow can be enclosed only where its matrix is a polynomial in {clock}")
        polynomials.append([sp.Poly(entry, clock) for entry in row])
    degree = max(
        (polynomial.degree() for row in polynomials for polynomial in row if not polynomial.is_zero), default=0
    )
    return [
        [[evaluate(polynomial.coeff_monomial(clock**p)) for polynomial in row] for row in polynomials]
        for p in range(int(degree) + 1)
    ]


def _written_out(expr: sp.Expr, evaluate: Evaluator) -> sp.Expr:
    """The expression with its sums written out, term by term."""
    if not isinstance(expr, sp.Sum):
        return expr.func(*(_written_out(arg, evaluate) for arg in expr.args)) if expr.has(sp.Sum) else expr
    body = _written_out(expr.function, evaluate)
    for index, low, high in expr.limits:
        first, last = (int(evaluate.integer(end)) for end in (low, high))
        body = sp.Add(*(body.subs(index, k) for k in range(first, last + 1)))
    return body


def solution(
    matrices: list[list[list[flint.arb]]], start: list[flint.arb], time: flint.arb, order: int = 0
) -> list[flint.arb]:
    """Enclose r(time), its derivative (order 1) or its integral from 0 (order -1), where r' = -Σ_p A_p s^p r.

    The coefficients of the power series satisfy (k + 1) r_(k+1) = -Σ_p A_p r_(k-p). In the maximum norm they are at
    most the coefficients of μ(s) = |r(0)| exp(Σ_p |A_p| s^(p+1)/(p+1)), so what μ has left over bounds the tail.
    Raises ValueError if 5000 terms do not reach the working precision.
    """
    norms = [_largest(sum((abs(a) for a in row), _ZERO) for row in matrix) for matrix in matrices]
    coefficients, majorant = [start], [_largest(abs(value) for value in start)]
    span = abs(time)
    whole = majorant[0] * _power_sum(norms, span, -1).exp()
    if order == 1:
        whole *= _power_sum(norms, span, 0)
    goal = (1 + whole) * flint.arb(2) ** (16 - flint.ctx.prec)
    for k in range(5000):
        if k % 8 == 0:
            left = whole - _power_sum(majorant, span, max(order, 0))
            tail = left * span if order == -1 else left
            if tail < goal:
                values = [_power_sum([c[i] for c in coefficients], time, order) for i in range(len(start))]
                return [value + flint.arb(0, tail.abs_upper()) for value in values]
        past = coefficients[: -len(matrices) - 1 : -1]
        coefficients.append([-c / (k + 1) for c in _apply(matrices, past)])
        majorant.append(sum((a * c for a, c in zip(norms, majorant[::-1], strict=False)), _ZERO) / (k + 1))
    raise ValueError(f"the power series of the flow does not reach the working precision at time {time}")


_ZERO = flint.arb(0)


def _apply(matrices: list[list[list[flint.arb]]], vectors: list[list[flint.arb]]) -> list[flint.arb]:
    """Σ_p A_p v_p, over as many matrices as there are vectors."""
    pairs = list(zip(matrices, vectors, strict=False))
    size = len(vectors[0])
    return [sum((a[i][j] * v[j] for a, v in pairs for j in range(size)), _ZERO) for i in range(size)]


def _power_sum(coefficients: list[flint.arb], at: flint.arb, order: int) -> flint.arb:
    """Σ_k c_k s^k at s, its derivative (order 1) or its integral from 0 (order -1), by Horner's rule."""
    if order == 1:
        coefficients = [k * c for k, c in enumerate(coefficients)][1:]
    elif order == -1:
        coefficients = [_ZERO, *(c / (k + 1) for k, c in enumerate(coefficients))]
    total = _ZERO
    for c in reversed(coefficients):
        total = total * at + c
    return total


def _largest(values: Iterable[flint.arb]) -> flint.arb:
    """An upper bound of all the values."""
    largest = _ZERO
    for value in values:
        largest = largest.max(value).upper()
    return largest
