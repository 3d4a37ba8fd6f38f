"""The closed form of gradient flow with a constant kernel: a formula is put into the differential equation it solves.

A statement writes the kernel by its eigenvectors and eigenvalues, K_ij = Σ_l λ_l q_il q_jl with Q orthogonal, and a
function of K accordingly; the number of examples is arbitrary.
"""

from collections.abc import Iterable

import sympy as sp

from derivations import check
from derivations.chain import Chain, Step
from derivations.domain import Equation
from derivations.flows import LinearFlow
from derivations.gradient_flow import NotAFlowError, chain
from derivations.sums import Orthogonal, flatten, readable

_i, _j = sp.symbols("i j", integer=True)


def prediction(statement: Equation) -> Chain:
    """Derive f(x) + c Σ_j k_j ∫ r_j = formula, where r' = -A r: both sides start alike and have the same slope.

    The right side has to be linear in the kernel row k, and so tells what it takes each r_j(t) to be: that is put into
    the differential equation. For the examples themselves k is a row of K, which the statement covers.
    """

    def steps() -> Iterable[Step]:
        lhs, rhs = statement.expand(statement.lhs), statement.expand(statement.rhs)
        flow, row, scale = _linear(lhs)
        matrix = _orthogonal(flow, statement)
        time = flow.time
        here = {_i: (sp.S.One, flow.size)}
        guess = _guess(rhs / scale, row, time, matrix)
        name, meaning = next(definition for definition in statement.where if definition[1].has(matrix.base))
        text = "The kernel by its eigenvalues and an orthogonal matrix of eigenvectors, and functions of it likewise."
        yield check.by_lemma("spectral-theorem", text, name, meaning, "spectral theorem")
        yield check.finite_sums(
            "solution-start",
            "What the right side takes the residual to be starts where the residual does.",
            guess.subs(time, 0),
            flow.func(_i, *flow.args[1:6]).at(sp.S.Zero),
            ranges=here,
            orthogonal=matrix,
        )
        row_, column, clock = flow.bound
        entry = flow.entry.subs({row_: _i, column: _j, clock: time}, simultaneous=True)
        yield check.finite_sums(
            "solution-equation",
            "It satisfies the differential equation of the residual.",
            sp.Derivative(guess, time, evaluate=False),
            -sp.Sum(entry * guess.subs(_i, _j), (_j, 1, flow.size)),
            ranges=here,
            orthogonal=matrix,
        )
        solution = check.by_lemma(
            "solution",
            "So it is the residual.",
            flow.func(_i, *flow.args[1:6]),
            guess,
            "uniqueness of linear flows",
            uses=("solution-start", "solution-equation"),
        )
        yield solution
        slope = check.finite_sums(
            "slope",
            "Both sides have the same derivative in time.",
            sp.Derivative(lhs - rhs, time, evaluate=False),
            sp.S.Zero,
            orthogonal=matrix,
            of=(solution,),
            every=(_i,),
        )
        start = check.finite_sums(
            "start",
            "Both sides agree at the start, where the integral vanishes.",
            lhs.subs(time, 0),
            rhs.subs(time, 0),
            orthogonal=matrix,
        )
        yield from (slope, start)
        text = "So they agree at all times."
        yield check.unique_solution("statement", text, lhs, rhs, time, sp.S.Zero, slopes=slope, starts=start)

    return chain(statement, steps)


def _linear(lhs: sp.Expr) -> tuple[LinearFlow, sp.IndexedBase, sp.Expr]:
    """The integrated flow of the left side, the kernel row it is summed with, and the factor in front."""
    found = [term for term in sp.Add.make_args(sp.expand(lhs)) if term.has(LinearFlow)]
    scale, total = found[0].as_independent(sp.Sum, as_Add=False) if len(found) == 1 else (None, None)
    if not (isinstance(total, sp.Sum) and len(total.limits) == 1):
        raise NotAFlowError("the left side is not a start plus a multiple of one sum over the examples")
    ((index, *_),) = total.limits
    (flow,) = total.atoms(LinearFlow)
    row = total.function / flow
    if flow.order != -1 or flow.component != index or not (isinstance(row, sp.Indexed) and row.indices == (index,)):
        raise NotAFlowError("the left side does not weigh the integrals of the residual with a kernel row")
    return flow, row.base, scale


def _guess(expr: sp.Expr, row: sp.IndexedBase, time: sp.Symbol, matrix: Orthogonal) -> sp.Expr:
    """The time derivative of `expr` with the kernel row replaced by the unit vector i, in the normal form of sums."""
    at = sp.Dummy("i", integer=True)
    unit = expr.replace(
        lambda e: isinstance(e, sp.Indexed) and e.base == row, lambda e: sp.KroneckerDelta(e.indices[0], at)
    )
    slope = sp.Derivative(unit, time, evaluate=False)
    return readable(flatten(slope, {at: (sp.S.One, matrix.size)}, matrix).xreplace({at: _i}), ("l", "p"))


def _orthogonal(flow: LinearFlow, statement: Equation) -> Orthogonal:
    """The matrix of eigenvectors: a family in the flow's matrix that the domain declares to be orthogonal."""
    for quantity, values in statement.domain:
        if not (isinstance(quantity, sp.Sum) and isinstance(values, sp.FiniteSet) and len(values) == 1):
            continue
        (delta,) = values
        if isinstance(delta, sp.KroneckerDelta):
            column, other = delta.args
            for base in quantity.atoms(sp.IndexedBase):
                gram = sp.Sum(base[_i, column] * base[_i, other], (_i, 1, flow.size))
                if flow.entry.has(base) and flatten(gram - quantity) == 0:
                    return Orthogonal(base, flow.size)
    raise NotAFlowError("the domain does not say that the eigenvectors are orthonormal")
