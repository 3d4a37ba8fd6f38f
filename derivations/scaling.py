"""Standard deviations taken out of Gaussian expectations of functions that are homogeneous on either side of zero."""

from collections.abc import Mapping
from itertools import product

import sympy as sp

from derivations.expressions import Expect


def unit_variances(expr: sp.Expr) -> sp.Expr:
    """Write every expectation over variances s², t² as s^j t^k times one over unit variances, where that is so.

    It is where f(s u, t v) = s^j t^k f(u, v) for positive s and t and all u, v that are not zero, which is checked on
    each combination of signs; any other expectation is left as it is.

    >>> from derivations.expressions import relu
    >>> u, v, rho = sp.symbols("u v rho", real=True)
    >>> s, t = sp.symbols("s t", positive=True)
    >>> node = Expect(relu(u) * relu(v), (u, v), [[s**2, s * t * rho], [s * t * rho, t**2]])
    >>> unit_variances(node) == s * t * Expect(relu(u) * relu(v), (u, v), [[1, rho], [rho, 1]])
    True
    """
    return expr.xreplace({node: _at_unit_variances(node) for node in expr.atoms(Expect)})


def common_factor(sides: tuple[sp.Expr, sp.Expr], at: Mapping[sp.Symbol, sp.Expr]) -> sp.Expr | None:
    """The factor k with side = k · (side at these values) for both sides, None if there is none.

    >>> s, rho = sp.symbols("s rho", positive=True)
    >>> common_factor((s * sp.acos(rho), s * (1 + rho)), {s: sp.Integer(2)}), common_factor((s, s**2), {s: sp.S.One})
    (s/2, None)
    """
    units = [unit_variances(side) for side in sides]
    factor = None
    for unit in units:
        there = unit.subs(at)
        if there == 0:
            if unit != 0:
                return None
            continue
        ratio = sp.cancel(sp.together(unit / there))
        if not ratio.free_symbols <= set(at) or factor not in (None, ratio):
            return None
        factor = ratio
    return factor


def _at_unit_variances(node: Expect) -> sp.Expr:
    deviations = [sp.sqrt(node.covariance[i, i]) for i in range(len(node.variables))]
    if not all(deviation.is_positive for deviation in deviations):
        return node
    factor = _factor(node, deviations)
    if factor is None:
        return node
    covariance = sp.Matrix(
        [
            [sp.cancel(node.covariance[i, j] / (one * other)) for j, other in enumerate(deviations)]
            for i, one in enumerate(deviations)
        ]
    )
    return factor * Expect(node.integrand, node.variables, covariance)


def _factor(node: Expect, deviations: list[sp.Expr]) -> sp.Expr | None:
    """f(s u, t v)/f(u, v), the same for all signs of u and v and free of them; None if it is not."""
    points = [sp.Dummy(positive=True) for _ in deviations]
    factor = None
    for signs in product((1, -1), repeat=len(points)):
        at = [sign * point for sign, point in zip(signs, points, strict=True)]
        there = node.integrand.subs(dict(zip(node.variables, at, strict=True)), simultaneous=True)
        scaled = [deviation * place for deviation, place in zip(deviations, at, strict=True)]
        further = node.integrand.subs(dict(zip(node.variables, scaled, strict=True)), simultaneous=True)
        if there == 0:
            if further != 0:
                return None
            continue
        ratio = sp.cancel(further / there)
        if ratio.free_symbols & set(points) or factor not in (None, ratio):
            return None
        factor = ratio
    return factor
