"""The identities of the ReLU: by the sign of the argument, and by exhausting a finite domain."""

from itertools import product

import sympy as sp

from derivations import check
from derivations.chain import Chain, Step
from derivations.domain import Equation, unfounded


def by_sign(statement: Equation) -> Chain:
    """Derive an identity for all real values of its variables from the cases positive, negative and zero of each."""
    variables, obstacle = _real_variables(statement)
    if obstacle:
        return Chain(steps=(), obstacle=obstacle)
    lhs, rhs = statement.expand(statement.lhs), statement.expand(statement.rhs)
    names = ", ".join(f"${name}$" for name in variables)
    text = f"All real values of {names} are covered by the cases positive, negative and zero."
    return Chain(steps=(check.cases("cases", text, lhs, rhs, variables),))


def homogeneous(statement: Equation) -> Chain:
    """Derive σ(z) = z σ'(z): the factor of z on the right is the derivative of the left off zero, and the cases agree.

    At z = 0 nothing is asked of σ'(0): any finite value does, as the last step shows.
    """
    variables, obstacle = _real_variables(statement)
    if obstacle or len(variables) != 1:
        return Chain(steps=(), obstacle=obstacle or "the identity is about one variable")
    (z,) = variables
    lhs, rhs = statement.expand(statement.lhs), statement.expand(statement.rhs)
    slope, p, c = rhs / z, sp.Symbol("p", positive=True), sp.Symbol("c", real=True)
    steps = [
        check.derivative(
            f"slope-{name}",
            f"For $z {relation} 0$ the factor of $z$ on the right side is the derivative of the left side.",
            lhs.subs(z, sign * p),
            p,
            sign * slope.subs(z, sign * p),
        )
        for name, relation, sign in (("right", ">", 1), ("left", "<", -1))
    ]
    steps.append(
        check.identity(
            "zero",
            "At $z = 0$ the left side is zero, and so is zero times any value $c$ that the derivative may be given "
            "there.",
            lhs.subs(z, 0),
            sp.S.Zero * c,
        )
    )
    steps.append(
        check.cases(
            "cases",
            "The two sides agree for positive, negative and vanishing $z$.",
            lhs,
            rhs,
            z,
            uses=("slope-right", "slope-left", "zero"),
        )
    )
    return Chain(steps=tuple(steps))


def exhaustive(statement: Equation) -> Chain:
    """Derive an identity on a finite domain by one step for each of its points; on the reals, by the cases of signs."""
    if obstacle := unfounded(statement):
        return Chain(steps=(), obstacle=obstacle)
    if not all(isinstance(values, sp.FiniteSet) for _, values in statement.domain):
        return by_sign(statement)
    names = [name for name, _ in statement.domain]
    lhs, rhs = statement.expand(statement.lhs), statement.expand(statement.rhs)
    points = list(product(*(sorted(values) for _, values in statement.domain)))
    steps = tuple(
        _at_point(number, dict(zip(names, values, strict=True)), lhs, rhs)
        for number, values in enumerate(points, start=1)
    )
    text, where = "These are all the points of the domain.", statement.where
    whole = check.exhausted("statement", text, statement.lhs, statement.rhs, names, points, steps, definitions=where)
    return Chain(steps=(*steps, whole))


def _at_point(number: int, point: dict[sp.Basic, sp.Expr], lhs: sp.Expr, rhs: sp.Expr) -> Step:
    where = ", ".join(f"{name} = {value}" for name, value in point.items())
    return check.identity(
        f"point-{number}",
        f"Both sides at the point ${where}$ of the domain.",
        lhs.subs(point, simultaneous=True),
        rhs.subs(point, simultaneous=True),
    )


def _real_variables(statement: Equation) -> tuple[tuple[sp.Symbol, ...], str]:
    if obstacle := unfounded(statement):
        return (), obstacle
    variables = tuple(name for name, _ in statement.domain)
    for name, values in statement.domain:
        if not (isinstance(name, sp.Symbol) and name.is_extended_real and sp.S.Reals.is_subset(values)):
            return (), f"the cases of signs are about all real values, and {name} runs over {values}"
    return variables, "" if variables else "no variable is quantified over"
