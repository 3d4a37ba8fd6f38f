"""Functions of matrices as letters of words, each with its argument monic and in normal form."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import reduce
from itertools import product as product_of
from typing import Any

import sympy as sp
from sympy.matrices.expressions.hadamard import HadamardProduct
from sympy.matrices.expressions.kronecker import KroneckerProduct

from derivations.matrix_expressions import FlowIntegral, MatrixExp, PseudoInverse
from derivations.matrix_words import ONE, Sum, added, lead, product, scaled, times
from derivations.normal_form import normal_form


class Letters(ABC):
    """Makes letters, and remembers the matrix that each is a function of."""

    def __init__(self) -> None:
        self._bases: dict[sp.MatrixExpr, Sum] = {}

    @abstractmethod
    def expand(self, expr: sp.MatrixExpr) -> Sum:
        """The sum of reduced words that an expression is."""

    @abstractmethod
    def build(self, words: Sum, shape: Any) -> sp.MatrixExpr:
        """The expression that a sum of words stands for."""

    @abstractmethod
    def reduced(self, words: Sum) -> Sum:
        """The words reduced."""

    def _monic(self, words: Sum) -> tuple[sp.Expr, Sum, sp.Expr]:
        """Write S = α(B + βI) with the first word of B having coefficient 1; B is empty for a multiple of I."""
        identity = words.get((), sp.S.Zero)
        rest = {word: coefficient for word, coefficient in words.items() if word}
        if not rest:
            return identity, {}, sp.S.One
        alpha = rest[lead(rest)]
        return alpha, {w: normal_form(c / alpha) for w, c in rest.items()}, normal_form(identity / alpha)

    def _letter(self, node: sp.MatrixExpr, base: Sum) -> Sum:
        self._bases[node] = base
        return {(node,): sp.S.One}

    def _inverse(self, words: Sum, shape: Any) -> Sum:
        alpha, base, beta = self._monic(words)
        if not base:
            return {(): 1 / alpha}
        if beta == 0 and len(base) == 1:
            (word,) = base
            if len(word) == 1 and isinstance(word[0], KroneckerProduct) and all(a.is_square for a in word[0].args):
                inverted = KroneckerProduct(*(sp.Inverse(a) for a in word[0].args))
                return scaled(1 / alpha, self.expand(inverted))
            if len(word) > 1 and all(letter.is_square for letter in word):
                parts = [self._inverse({(letter,): sp.S.One}, shape) for letter in reversed(word)]
                return scaled(1 / alpha, reduce(times, parts))
            if len(word) == 1 and isinstance(word[0], sp.Inverse):
                return scaled(1 / alpha, self.expand(word[0].arg))
            if len(word) == 1 and isinstance(word[0], MatrixExp):
                return scaled(1 / alpha, self.expand(MatrixExp(-word[0].argument)))
        argument = self.build(added(base, {(): beta}), shape)
        return scaled(1 / alpha, self._letter(sp.Inverse(argument), base))

    def _exponential(self, words: Sum, shape: Any) -> Sum:
        alpha, base, beta = self._monic(words)
        if not base:
            return {(): sp.exp(alpha)}
        node = MatrixExp(sp.MatMul(alpha, self.build(base, shape)) if alpha != 1 else self.build(base, shape))
        return scaled(sp.exp(alpha * beta), self._letter(node, base))

    def _flow(self, words: Sum, time: sp.Expr, shape: Any) -> Sum:
        alpha, base, beta = self._monic(words)
        if not base or beta != 0 or alpha.is_zero is not False:
            return self._letter(FlowIntegral(self.build(words, shape), time), words)
        return scaled(1 / alpha, self._letter(FlowIntegral(self.build(base, shape), normal_form(alpha * time)), base))

    def _power(self, words: Sum, exponent: sp.Expr, shape: Any) -> Sum:
        whole, symbolic = exponent.as_coeff_Add()
        if not whole.is_Integer:
            raise TypeError(f"no algebra is known for the power {exponent} of a matrix")
        factor = self._inverse(words, shape) if whole < 0 else words
        found = reduce(times, [factor] * abs(int(whole)), ONE)
        if symbolic != 0:
            alpha, base, beta = self._monic(words)
            argument = self.build(added(base, {(): beta}), shape)
            letter = self._letter(sp.MatPow(argument, symbolic), base)
            found = times(scaled(alpha**symbolic, letter), found)
        return found

    def _pseudo_inverse(self, words: Sum, shape: Any) -> Sum:
        if not words:
            return {}
        alpha, base, beta = self._monic(words)
        if not base:
            return (
                {(): 1 / alpha}
                if alpha.is_zero is False
                else self._letter(PseudoInverse(self.build(words, shape)), words)
            )
        if alpha.is_zero is not False:  # (cA)⁺ = A⁺/c for c != 0 only
            return self._letter(PseudoInverse(self.build(words, shape)), words)
        whole = added(base, {(): beta})
        return scaled(1 / alpha, self._letter(PseudoInverse(self.build(whole, shape)), whole))

    def _kronecker(self, parts: Sequence[tuple[Sum, Any]]) -> Sum:
        """A⊗B⊗… of sums of words with their shapes, multiplied out."""
        total: Sum = {}
        for choice in product_of(*(words.items() for words, _ in parts)):
            sizes = [rows for _, (rows, _) in parts]
            factors = [product(w) if w else sp.Identity(n) for (w, _), n in zip(choice, sizes, strict=True)]
            word = (KroneckerProduct(*factors),) if any(w for w, _ in choice) else ()
            total = added(total, {word: sp.Mul(*(coefficient for _, coefficient in choice))})
        return total

    def transposed(self, words: Sum) -> Sum:
        """The transpose, reduced."""
        parts = []
        for word, coefficient in words.items():
            letters = [self._transposed_letter(letter) for letter in reversed(word)]
            parts.append(scaled(coefficient, reduce(times, letters, ONE)))
        return self.reduced(added(*parts))

    def _transposed_letter(self, letter: sp.MatrixExpr) -> Sum:
        def turned(argument: sp.MatrixExpr) -> sp.MatrixExpr:
            return self.build(self.transposed(self.expand(argument)), tuple(reversed(argument.shape)))

        match letter:
            case sp.Transpose():
                return {(letter.arg,): sp.S.One}
            case sp.OneMatrix():
                return {(sp.OneMatrix(letter.shape[1], letter.shape[0]),): sp.S.One}
            case sp.MatrixSymbol():
                return {(sp.Transpose(letter),): sp.S.One}
            case KroneckerProduct() | HadamardProduct():
                return self.expand(letter.func(*map(turned, letter.args)))
            case _:
                return self.expand(letter.func(turned(letter.args[0]), *letter.args[1:]))
