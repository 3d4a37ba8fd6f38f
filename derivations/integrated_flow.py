"""Linear flows in closed form: integrated in time, and in the eigenbasis of their matrix."""

import sympy as sp

from derivations import check
from derivations.chain import Chain
from derivations.domain import Equation, unfounded
from derivations.flows import LinearFlow
from derivations.sum_bounds import orthogonal, ranges
from derivations.sums import Orthogonal, flatten, readable


def integrated(statement: Equation) -> Chain:
    """Derive lhs = rhs, two expressions in a time t and in linear flows, from equal slopes in t and equal values at 0.

    The time is that of the flows the statement defines; their derivatives are what their equations say.
    """
    if obstacle := unfounded(statement) or _without_time(statement):
        return Chain(steps=(), obstacle=obstacle)
    (time,) = _times(statement)
    gap = sp.Derivative(statement.lhs - statement.rhs, time, evaluate=False)
    slopes = check.finite_sums(
        "slopes",
        "Both sides have the same derivative in time, by the equation of the flow.",
        gap,
        sp.S.Zero,
        ranges=ranges(statement),
        definitions=statement.where,
    )
    starts = check.finite_sums(
        "starts",
        "At time 0 both sides agree: a flow is at its start there, an integral from 0 vanishes.",
        statement.lhs.subs(time, 0),
        statement.rhs.subs(time, 0),
        ranges=ranges(statement),
        definitions=statement.where,
    )
    whole = check.unique_solution(
        "statement",
        "So they agree at all times.",
        statement.lhs,
        statement.rhs,
        time,
        sp.S.Zero,
        slopes=slopes,
        starts=starts,
    )
    return Chain(steps=(slopes, starts, whole))


def in_eigenbasis(statement: Equation) -> Chain:
    """Derive lhs = rhs where the left side holds one component of a flow r' = -A r and A = Σ_l λ_l q_l q_lᵀ.

    The matrix q is orthogonal by the domain; the eigenvalue λ_l is computed from A. Every coordinate of the flow in
    the eigenbasis decays with its own eigenvalue, and the flow is the sum of its coordinates.
    """
    if obstacle := unfounded(statement) or _without_time(statement):
        return Chain(steps=(), obstacle=obstacle)
    flows = statement.expand(statement.lhs).atoms(LinearFlow)
    basis = orthogonal(statement)
    if len(flows) != 1 or basis is None:
        return Chain(
            steps=(), obstacle="the left side is not about one flow whose matrix has eigenvectors in the domain"
        )
    (flow,) = flows
    if flow.size != basis.size or flow.order != 0:
        return Chain(steps=(), obstacle="the eigenvectors are not those of the matrix of the flow")
    j, mode = _unused(flow, ("p", "m", "a")), _unused(flow, ("ell", "h", "r"))
    within = {mode: (sp.S.One, basis.size), **ranges(statement)}
    rate = _eigenvalue(flow, basis, mode)
    coordinate = sp.Sum(basis.base[j, mode] * flow.func(j, *flow.args[1:]), (j, 1, basis.size))
    start = sp.Sum(basis.base[j, mode] * flow.start.subs(flow.bound[0], j), (j, 1, basis.size))
    decayed = sp.exp(-rate * flow.time) * start
    slopes = check.finite_sums(
        "slopes",
        "The coordinate of the flow along one eigenvector: its slope, and that of its start times an exponential.",
        sp.Derivative(coordinate - decayed, flow.time, evaluate=False),
        -rate * (coordinate - decayed),
        ranges=within,
        orthogonal=basis,
    )
    starts = check.finite_sums(
        "starts",
        "Both start alike.",
        coordinate.subs(flow.time, 0),
        decayed.subs(flow.time, 0),
        ranges=within,
        orthogonal=basis,
    )
    decays = check.unique_solution(
        "coordinate",
        "So the coordinate decays with its eigenvalue.",
        coordinate,
        decayed,
        flow.time,
        sp.S.Zero,
        slopes=slopes,
        starts=starts,
        coefficient=-rate,
    )
    expanded = statement.expand(statement.lhs)
    summed = expanded.xreplace({flow: sp.Sum(basis.base[flow.component, mode] * coordinate, (mode, 1, basis.size))})
    sum_of_coordinates = check.finite_sums(
        "coordinates",
        "The flow is the sum of its coordinates times the eigenvectors.",
        expanded,
        summed,
        ranges=within,
        orthogonal=basis,
    )
    inserted = check.consequence(
        "inserted", "With what the coordinates are.", summed, summed.xreplace({coordinate: decayed}), (decays,)
    )
    whole = check.finite_sums(
        "statement",
        "That is the right side.",
        inserted.rhs,
        statement.expand(statement.rhs),
        ranges=within,
        orthogonal=basis,
    )
    return Chain(steps=(slopes, starts, decays, sum_of_coordinates, inserted, whole))


def _unused(flow: LinearFlow, names: tuple[str, ...]) -> sp.Symbol:
    """A name for an index that does not occur in the flow, where it is bound perhaps."""
    taken = {symbol.name for symbol in flow.atoms(sp.Symbol)}
    return next(sp.Symbol(name, integer=True) for name in names if name not in taken)


def _times(statement: Equation) -> set[sp.Symbol]:
    sides = (statement.expand(statement.lhs), statement.expand(statement.rhs))
    return {flow.time for side in sides for flow in side.atoms(LinearFlow) if flow.time.is_Symbol}


def _without_time(statement: Equation) -> str:
    return "" if len(_times(statement)) == 1 else "the statement is not about flows in one time"


def _eigenvalue(flow: LinearFlow, basis: Orthogonal, mode: sp.Symbol) -> sp.Expr:
    """q_lᵀ A q_l, in the normal form of sums."""
    row, column, clock = flow.bound
    form = basis.base[row, mode] * flow.entry.subs(clock, flow.time) * basis.base[column, mode]
    total = sp.Sum(form, (row, 1, basis.size), (column, 1, basis.size))
    return readable(flatten(total, {mode: (sp.S.One, basis.size)}, basis), ("p",))
