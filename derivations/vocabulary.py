"""The closed list of nodes that expressions in a proof file are made of, by the names they have there."""

import sympy as sp
from sympy.functions.elementary.piecewise import ExprCondPair
from sympy.matrices.expressions.hadamard import HadamardProduct
from sympy.matrices.expressions.kronecker import KroneckerProduct
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.matrices.expressions.sets import MatrixSet

from derivations import activations, expressions, flows, losses, matrix_expressions, models, predictors

_FUNCTIONS = (
    sp.exp, sp.log, sp.sin, sp.cos, sp.tan, sp.cot, sp.sec, sp.csc, sp.asin, sp.acos, sp.atan, sp.acot,
    sp.sinh, sp.cosh, sp.tanh, sp.coth, sp.erf, sp.erfc, sp.erfi, sp.gamma, sp.lowergamma, sp.uppergamma, sp.factorial,
    sp.binomial, sp.Abs, sp.sign, sp.floor, sp.ceiling, sp.Max, sp.Min, sp.Heaviside, sp.KroneckerDelta, sp.Piecewise,
)  # fmt: skip
_RELATIONS = (sp.Eq, sp.Ne, sp.Lt, sp.Le, sp.Gt, sp.Ge, sp.And, sp.Or, sp.Not)
_CALCULUS = (sp.Sum, sp.Product, sp.Integral, sp.Derivative, sp.Limit, sp.Lambda, sp.Subs)
_FAMILIES = (sp.IndexedBase, sp.Indexed, sp.Tuple, ExprCondPair, sp.ImmutableDenseMatrix)
_MATRICES = (
    sp.MatrixSymbol, MatrixElement, sp.MatAdd, sp.MatMul, sp.MatPow, sp.Transpose, sp.Inverse, sp.Identity,
    sp.ZeroMatrix, sp.OneMatrix, sp.Trace, sp.Determinant, KroneckerProduct, HadamardProduct,
)  # fmt: skip
_SETS = (sp.Interval, sp.FiniteSet, sp.Union, sp.Range, MatrixSet)
_OWN = tuple(
    node
    for module in (activations, expressions, flows, losses, matrix_expressions, models, predictors)
    for name, node in vars(module).items()
    if isinstance(node, type) and issubclass(node, sp.Basic) and node.__module__ == module.__name__ and name[0] != "_"
)

NODES: dict[str, type[sp.Basic]] = {
    kind.__name__: kind
    for kind in (
        sp.Add, sp.Mul, sp.Pow, *_FUNCTIONS, *_RELATIONS, *_CALCULUS, *_FAMILIES, *_MATRICES, *_SETS, *_OWN,
    )
}  # fmt: skip
"""Node names to classes."""

BUILT_AS_THEY_ARE = frozenset(
    {sp.Pow, *_FUNCTIONS, *_RELATIONS, sp.Derivative, sp.MatPow, *(n for n in _OWN if issubclass(n, sp.Function))}
    - {sp.KroneckerDelta}
)
"""Classes whose constructors simplify their arguments unless told not to."""

CONSTANTS: dict[str, sp.Basic] = {
    "pi": sp.pi,
    "I": sp.I,
    "E": sp.E,
    "oo": sp.oo,
    "-oo": -sp.oo,
    "zoo": sp.zoo,
    "nan": sp.nan,
    "Reals": sp.S.Reals,
    "Integers": sp.S.Integers,
    "Naturals": sp.S.Naturals,
    "Naturals0": sp.S.Naturals0,
    "EmptySet": sp.S.EmptySet,
}
"""Nodes without arguments of which there is one each."""
