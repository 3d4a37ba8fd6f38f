"""Reduction of words by equations given and by the relations of their letters."""

from __future__ import annotations

from abc import abstractmethod
from typing import TypeAlias

import sympy as sp
from sympy.matrices.expressions.kronecker import KroneckerProduct

from derivations.matrix_expressions import FlowIntegral, MatrixExp, PseudoInverse
from derivations.matrix_letters import Letters
from derivations.matrix_words import ONE, Sum, Word, added, cut, find, key, lead, scaled, times

Equation: TypeAlias = tuple[sp.MatrixExpr, sp.MatrixExpr]
_ROUNDS = 2000
"""More steps than any reduction here takes; what is left beyond them is not reduced, and so not zero."""


class Reduction(Letters):
    """Rewrites words until nothing applies."""

    def __init__(self) -> None:
        super().__init__()
        self._rules: list[tuple[Word, Sum]] = []

    @abstractmethod
    def number(self, word: Word) -> sp.Expr:
        """A word of shape 1×1 as a scalar."""

    def reduced(self, words: Sum) -> Sum:
        """The words rewritten until nothing applies."""
        todo = dict(words)
        done: Sum = {}
        for _ in range(_ROUNDS):
            if not todo:
                return {word: coefficient for word, coefficient in done.items() if coefficient != 0}
            word, coefficient = todo.popitem()
            changed = self._step(word)
            if changed is None:
                done = added(done, {word: coefficient})
            else:
                todo = added(todo, scaled(coefficient, changed))
        return added(done, todo)

    def _step(self, word: Word) -> Sum | None:
        """One reduction of a word; None if there is none."""
        changed = self._rewritten(word)
        if changed is None and (len(word) > 1 or (word and tuple(word[0].shape) == (1, 1))):
            pieces = cut(word)
            numbers = [piece for piece in pieces if piece[0].shape[0] == 1 and piece[-1].shape[1] == 1]
            if numbers:
                rest = tuple(letter for piece in pieces if piece not in numbers for letter in piece)
                return {rest: sp.Mul(*map(self.number, numbers))}
        return changed

    def _rewritten(self, word: Word) -> Sum | None:
        """One reduction of a word by an equation given or a relation of its letters; None if there is none."""
        for pattern, replacement in self._rules:
            at = find(pattern, word)
            if at is not None:
                return _put(word[:at], replacement, word[at + len(pattern) :])
        places = (self._at(word, at) for at in range(len(word)))
        return next((changed for changed in places if changed is not None), None)

    def _at(self, word: Word, at: int) -> Sum | None:
        """One reduction at a letter, with what stands before and behind it; None if there is none."""
        letter, before, after = word[at], word[:at], word[at + 1 :]
        following = after[0] if after else None
        merged: Sum | None = None
        if isinstance(letter, sp.OneMatrix) and isinstance(following, sp.OneMatrix) and letter.shape[0] == 1:
            merged = {(): letter.shape[1]}
        elif isinstance(letter, KroneckerProduct) and isinstance(following, KroneckerProduct):
            merged = self._mixed(letter, following)
        elif letter in self._bases:
            if following is not None and self._bases[letter] == self._bases.get(following):
                merged = self._pair(letter, following)
            if merged is None:
                of_kind = self._at_pseudo_inverse if isinstance(letter, PseudoInverse) else self._at_function
                return of_kind(letter, before, after)
        return None if merged is None else _put(before, merged, after[1:])

    def _at_function(self, letter: sp.MatrixExpr, before: Word, after: Word) -> Sum | None:
        """S S⁻¹ = I, K ∫_0^s e^(-τK) dτ = I - e^(-sK), S f(S) = f(S) S, each solved for the leading word of S."""
        base = self._bases[letter]
        top = lead(base)
        if base[top] != 1 or () in base:  # kept as it was, its leading coefficient may vanish
            return None
        rest = {word: coefficient for word, coefficient in base.items() if word != top}
        me: Sum = {(letter,): sp.S.One}
        behind, front = after[: len(top)] == top, before[len(before) - len(top) :] == top
        if isinstance(letter, sp.Inverse) and (behind or front):
            others = _minus(added(rest, {(): self.expand(letter.arg).get((), sp.S.Zero)}))
            if behind:
                return _put(before, added(ONE, times(me, others)), after[len(top) :])
            return _put(before[: len(before) - len(top)], added(ONE, times(others, me)), after)
        if isinstance(letter, FlowIntegral) and behind:
            decayed = self._exponential(scaled(-letter.time, base), letter.shape)
            return _put(before, added(ONE, _minus(decayed), _minus(times(me, rest))), after[len(top) :])
        if front:
            swapped = added({(letter, *top): sp.S.One}, times(me, rest), _minus(times(rest, me)))
            return _put(before[: len(before) - len(top)], swapped, after)
        return None

    def _pair(self, one: sp.MatrixExpr, other: sp.MatrixExpr) -> Sum | None:
        """Two functions of one matrix side by side: exponentials and powers multiplied, others put in order."""
        base = self._bases[one]
        if PseudoInverse in (type(one), type(other)) and self.transposed(base) != base:
            return None  # A⁺ commutes with A only for a normal matrix
        if isinstance(one, MatrixExp) and isinstance(other, MatrixExp):
            return self.expand(MatrixExp(one.argument + other.argument))
        if type(one) is type(other) is sp.MatPow and one.base == other.base:
            return self._power(self.expand(one.base), one.exp + other.exp, one.shape)
        return {(other, one): sp.S.One} if key((one,)) > key((other,)) else None

    def _mixed(self, one: KroneckerProduct, other: KroneckerProduct) -> Sum | None:
        """(A⊗B)(C⊗D) = AC⊗BD where the shapes fit."""
        pairs = list(zip(one.args, other.args, strict=False))
        if len(one.args) != len(other.args) or any(a.shape[1] != b.shape[0] for a, b in pairs):
            return None
        return self.expand(KroneckerProduct(*(sp.MatMul(a, b) for a, b in pairs)))

    def _at_pseudo_inverse(self, me: sp.MatrixExpr, before: Word, after: Word) -> Sum | None:
        """A A⁺ A = A and A⁺ A A⁺ = A⁺; for a symmetric S also S S⁺ = S⁺ S, and S⁺ S A = A for a Gram matrix S = AAᵀ."""
        base = self._bases[me]
        if len(base) != 1 or () in base or set(base.values()) != {1}:
            return None
        (top,) = base
        relations: list[tuple[Word, Word]] = [((*top, me, *top), top), ((me, *top, me), (me,))]
        if self.transposed(base) == base:
            half, other = top[: len(top) // 2], top[len(top) // 2 :]
            relations += [((*top, me), (me, *top)), ((me, *top, *top), top), ((me, me, *top), (me,))]
            if half and self.transposed({half: sp.S.One}) == {other: sp.S.One}:
                relations += [((me, *top, *half), half), ((*other, me, *top), other)]
        word = (*before, me, *after)
        for pattern, replacement in relations:
            found = find(pattern, word)
            if found is not None:
                return {word[:found] + replacement + word[found + len(pattern) :]: sp.S.One}
        return None


def _put(left: Word, middle: Sum, right: Word) -> Sum:
    return times(times({left: sp.S.One}, middle), {right: sp.S.One})


def _minus(words: Sum) -> Sum:
    return scaled(sp.S.NegativeOne, words)
