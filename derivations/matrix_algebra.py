"""The algebra of matrices of any size: expressions as sums of words, reduced by the relations of their letters.

A word is a product of letters: matrix symbols, their transposes, and functions of matrices (inverse, exponential,
flow integral, symbolic power, pseudo-inverse, Kronecker product) whose arguments are in normal form. What is used:

    products distribute over sums, (AB)ᵀ = BᵀAᵀ, tr is linear and cyclic, tr Aᵀ = tr A,
    S·S⁻¹ = S⁻¹·S = I, (cS)⁻¹ = S⁻¹/c, and functions of one matrix commute with it and with each other,
    e^(A + bI) = e^b e^A, e^(sA) e^(tA) = e^((s+t)A), K ∫_0^s e^(-τK) dτ = I - e^(-sK),
    A A⁺ A = A, A⁺ A A⁺ = A⁺, (AB)⊗(CD) = (A⊗C)(B⊗D), 1ᵀ1 = n,

and equations given. Whether inverses exist is for `derivations.matrices` to check. Reduction decides many identities,
not all: what is left where it does not reach zero is a residual, never a verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

import sympy as sp
from sympy.matrices.expressions.hadamard import HadamardProduct
from sympy.matrices.expressions.kronecker import KroneckerProduct
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.matrix_expressions import FlowIntegral, MatrixExp, Norm, OnlyEntry, PseudoInverse
from derivations.matrix_reduction import Equation, Reduction
from derivations.matrix_words import ONE, Sum, Word, added, cut, key, product, scaled, times
from derivations.normal_form import normal_form


class Algebra(Reduction):
    """Normal forms modulo equations `(product of letters, replacement)`, which hold for the transposes too."""

    def __init__(self, given: Sequence[Equation] = ()) -> None:
        super().__init__()
        plain = Algebra() if given else self
        for lhs, rhs in given:
            for left, right in ((lhs, rhs), (sp.Transpose(lhs), sp.Transpose(rhs))):
                words = plain.expand(left)
                if len(words) != 1 or () in words:
                    raise ValueError(f"the left side of a given equation is a product of letters, not {left}")
                ((word, coefficient),) = words.items()
                if coefficient.is_zero is not False:
                    continue  # cA = B says nothing about A where c vanishes
                rule = (word, scaled(1 / coefficient, plain.expand(right)))
                if rule[1] != {word: 1} and (not self._rules or self._rules[-1][1] != {word: 1}):
                    self._rules.append(rule)
        self._bases.update(plain._bases)

    def difference(self, lhs: sp.Expr, rhs: sp.Expr) -> sp.Expr:
        """What is left of lhs - rhs: exactly `0` if it vanishes; a 1×1 matrix counts as a number."""
        shapes = {tuple(side.shape) for side in (lhs, rhs) if isinstance(side, sp.MatrixExpr)}
        if shapes <= {(1, 1)}:
            lhs, rhs = (OnlyEntry(side) if isinstance(side, sp.MatrixExpr) else side for side in (lhs, rhs))
        elif len(shapes) == 1 and 0 in (lhs, rhs):
            lhs, rhs = (sp.ZeroMatrix(*next(iter(shapes))) if side == 0 else side for side in (lhs, rhs))
        elif len(shapes) != 1 or not all(isinstance(side, sp.MatrixExpr) for side in (lhs, rhs)):
            raise sp.ShapeError(f"the sides have different shapes: {sorted(map(str, shapes))}")
        return self.zero(lhs - rhs)

    def zero(self, expr: sp.Expr) -> sp.Expr:
        """What is left of a matrix or scalar expression after reduction: exactly `0` if it vanishes."""
        if not isinstance(expr, sp.MatrixExpr):
            return normal_form(self.scalar(expr))
        left = {word: normal_form(coefficient) for word, coefficient in self.expand(expr).items()}
        left = {word: coefficient for word, coefficient in left.items() if coefficient != 0}
        if not left:
            return sp.S.Zero
        return left[()] if set(left) == {()} and expr.shape == (1, 1) else self.build(left, expr.shape)

    def scalar(self, expr: sp.Expr) -> sp.Expr:
        """A scalar with every trace, norm and entry of a matrix expression in it in normal form."""
        expr = expr.replace(lambda e: isinstance(e, Norm), lambda e: sp.sqrt(sp.Trace(e.argument.T * e.argument)))
        expr = expr.replace(lambda e: isinstance(e, sp.Trace | OnlyEntry), self._traced)
        return expr.replace(lambda e: isinstance(e, MatrixElement), self._entry)

    def _traced(self, e: sp.Expr) -> sp.Expr:
        return self.trace(self.expand(e.args[0]), e.args[0].shape[0])

    def _entry(self, entry: MatrixElement) -> sp.Expr:
        matrix, i, j = entry.args
        parts = self.expand(matrix).items()
        return sp.Add(*(c * (MatrixElement(product(w), i, j) if w else sp.KroneckerDelta(i, j)) for w, c in parts))

    def trace(self, words: Sum, size: sp.Expr) -> sp.Expr:
        """The trace of a square matrix of the given size."""
        return sp.Add(*(coefficient * (self._cyclic(word) if word else size) for word, coefficient in words.items()))

    def _cyclic(self, word: Word) -> sp.Expr:
        """The trace of a word: cut into numbers where it is one wide, else in its first reading around the circle."""
        turns = [word[k:] + word[:k] for k in range(len(word))]
        for turn in turns:
            if turn[0].shape[0] == 1:
                pieces = cut(turn)
                return sp.Mul(*(self.number(piece) for piece in pieces))
        for turn in turns:
            reduced = self.reduced({turn: sp.S.One})
            if reduced != {turn: 1}:
                return self.trace(reduced, turn[0].shape[0])
        return sp.Trace(product(self._first(turns)))

    def number(self, word: Word) -> sp.Expr:
        """A word of shape 1×1, read in the direction that comes first."""
        return sp.Trace(product(self._first([word])))

    def _first(self, words: Sequence[Word]) -> Word:
        mirrored = (self._mirrored(word) for word in words)
        return min([*words, *(word for word in mirrored if word is not None)], key=key)

    def _mirrored(self, word: Word) -> Word | None:
        """The transpose of a word, reduced, if it is a word again."""
        letters = [self._transposed_letter(letter) for letter in reversed(word)]
        found: Sum | None = reduce(times, letters, ONE)
        while found is not None and len(found) == 1 and set(found.values()) == {1}:
            (turned,) = found
            found = self._rewritten(turned)
            if found is None:
                return turned
        return None

    def expand(self, expr: sp.MatrixExpr) -> Sum:
        """The sum of reduced words that an expression is. Raises TypeError for a construct without an algebra."""
        for kind, rule in _RULES:
            if isinstance(expr, kind):
                return self.reduced(rule(self, expr))
        raise TypeError(f"no algebra is known for {expr} ({type(expr).__name__})")

    def _multiplied(self, expr: sp.MatMul) -> Sum:
        coefficient, factors = expr.as_coeff_matrices()
        return scaled(self.scalar(coefficient), reduce(times, map(self.expand, factors), ONE))

    def _hadamard(self, expr: HadamardProduct) -> Sum:
        parts = sorted((self.build(self.expand(a), a.shape) for a in expr.args), key=sp.default_sort_key)
        return {(HadamardProduct(*parts),): sp.S.One}

    def build(self, words: Sum, shape: tuple[sp.Expr, sp.Expr]) -> sp.MatrixExpr:
        """The expression that a sum of words stands for, its words in a fixed order."""
        terms = [
            coefficient * (product(word) if word else sp.Identity(shape[0]))
            for word, coefficient in sorted(words.items(), key=lambda item: key(item[0]))
        ]
        return sp.MatAdd(*terms) if len(terms) > 1 else terms[0] if terms else sp.ZeroMatrix(*shape)


def _ones(expr: sp.OneMatrix) -> Sum:
    rows, columns = expr.shape
    word = (expr,) if 1 in expr.shape else (sp.OneMatrix(rows, 1), sp.OneMatrix(1, columns))
    return {word: sp.S.One}


_RULES: tuple[tuple[type, Callable[[Algebra, Any], Sum]], ...] = (
    (sp.MatrixSymbol, lambda _, expr: {(expr,): sp.S.One}),
    (sp.MatAdd, lambda algebra, expr: added(*map(algebra.expand, expr.args))),
    (sp.MatMul, Algebra._multiplied),
    (sp.Identity, lambda *_: dict(ONE)),
    (sp.ZeroMatrix, lambda *_: {}),
    (sp.OneMatrix, lambda _, expr: _ones(expr)),
    (sp.Transpose, lambda algebra, expr: algebra.transposed(algebra.expand(expr.arg))),
    (sp.Inverse, lambda algebra, expr: algebra._inverse(algebra.expand(expr.arg), expr.shape)),
    (sp.MatPow, lambda algebra, expr: algebra._power(algebra.expand(expr.base), expr.exp, expr.shape)),
    (KroneckerProduct, lambda algebra, expr: algebra._kronecker([(algebra.expand(a), a.shape) for a in expr.args])),
    (HadamardProduct, Algebra._hadamard),
    (MatrixExp, lambda algebra, expr: algebra._exponential(algebra.expand(expr.argument), expr.shape)),
    (FlowIntegral, lambda algebra, expr: algebra._flow(algebra.expand(expr.generator), expr.time, expr.shape)),
    (PseudoInverse, lambda algebra, expr: algebra._pseudo_inverse(algebra.expand(expr.argument), expr.argument.shape)),
)
