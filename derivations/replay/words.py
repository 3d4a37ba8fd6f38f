"""Matrix expressions of any size as sums of words, and the relations by which words are reduced.

A letter is a matrix symbol, its transpose, or a function of a matrix (inverse, exponential, flow integral, power,
pseudoinverse, Kronecker or Hadamard product) whose arguments are reduced. A word is a product of letters.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import sympy as sp
from sympy.matrices.expressions.hadamard import HadamardProduct
from sympy.matrices.expressions.kronecker import KroneckerProduct
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.replay.errors import RejectedError
from derivations.replay.nodes import FlowIntegral, MatrixExp, Norm, OnlyEntry, PseudoInverse
from derivations.replay.reduce import residual, tidy

Word: TypeAlias = tuple[sp.MatrixExpr, ...]
Sum: TypeAlias = dict[Word, sp.Expr]
_MOST_STEPS = 3000
_FUNCTIONS = (sp.Inverse, MatrixExp, FlowIntegral, sp.MatPow, PseudoInverse)


def plus(*parts: Sum) -> Sum:
    """The sum of sums of words."""
    total: Sum = {}
    for part in parts:
        for word, number in part.items():
            total[word] = total.get(word, sp.S.Zero) + number
    return {word: number for word, number in total.items() if number != 0}


def times(*parts: Sum) -> Sum:
    """The product of sums of words, in this order."""
    total: Sum = {(): sp.S.One}
    for part in parts:
        product: Sum = {}
        for left, a in total.items():
            for right, b in part.items():
                product[left + right] = product.get(left + right, sp.S.Zero) + a * b
        total = product
    return total


def scaled(number: sp.Expr, part: Sum) -> Sum:
    """A multiple of a sum of words."""
    return {word: number * coefficient for word, coefficient in part.items()}


def _key(word: Word) -> Any:
    return len(word), tuple(sp.default_sort_key(letter) for letter in word)


def _joined(word: Word) -> sp.MatrixExpr:
    return word[0] if len(word) == 1 else sp.MatMul(*word)


class Matrices:
    """Reduction modulo equations between a word and a sum, which hold for the transposes too."""

    def __init__(self, equations: Iterable[tuple[sp.Expr, sp.Expr]] = ()) -> None:
        self._equations: list[tuple[Word, Sum]] = []
        self._inner: dict[sp.MatrixExpr, Sum] = {}
        found: list[tuple[Word, Sum]] = []
        for lhs, rhs in equations:
            for left, right in ((lhs, rhs), (sp.Transpose(lhs), sp.Transpose(rhs))):
                words = self.sum(left)
                if len(words) != 1 or () in words:
                    raise RejectedError("an equation of matrices that is used has no single product on its left side")
                ((word, number),) = words.items()
                if sp.sympify(number).is_zero is not False:
                    raise RejectedError("an equation of matrices that is used has a coefficient that may vanish")
                value = scaled(1 / number, self.sum(right))
                backwards = bool(found) and (value == {found[-1][0]: 1} and found[-1][1] == {word: 1})
                if value != {word: 1} and not backwards:
                    found.append((word, value))
        self._equations = found

    def vanishes(self, expr: sp.Expr) -> sp.Expr:
        """What is left of a matrix or number after reduction: 0 if it vanishes."""
        if not isinstance(expr, sp.MatrixExpr):
            return residual(self.number(expr))
        left = {word: value for word, number in self.sum(expr).items() if (value := residual(number)) != 0}
        return self.built(left, expr.shape) if left else sp.S.Zero

    def number(self, expr: sp.Expr) -> sp.Expr:
        """A number with all traces, norms and entries in it reduced."""
        expr = expr.replace(lambda e: isinstance(e, Norm), lambda e: sp.sqrt(sp.Trace(e.args[0].T * e.args[0])))
        expr = expr.replace(lambda e: isinstance(e, sp.Trace | OnlyEntry), lambda e: self._trace(e.args[0]))
        return expr.replace(lambda e: isinstance(e, MatrixElement), self._entry)

    def _trace(self, matrix: sp.MatrixExpr) -> sp.Expr:
        return self._traced(self.sum(matrix), matrix.shape[0])

    def _traced(self, words: Sum, size: sp.Expr) -> sp.Expr:
        return sp.Add(*(number * (self._around(word) if word else size) for word, number in words.items()))

    def _around(self, word: Word) -> sp.Expr:
        """The trace of a word: a product of numbers if it is one wide somewhere, else its first reading in a circle."""
        turns = [word[place:] + word[:place] for place in range(len(word))]
        for turn in turns:
            if turn[0].shape[0] == 1:
                starts = [place for place, letter in enumerate(turn) if letter.shape[0] == 1]
                pieces = [turn[a:b] for a, b in zip(starts, [*starts[1:], len(turn)], strict=True)]
                return sp.Mul(*(sp.Trace(_joined(self._first([piece]))) for piece in pieces))
        for turn in turns:
            reduced = self._reduced({turn: sp.S.One})
            if reduced != {turn: 1}:
                return self._traced(reduced, turn[0].shape[0])
        return sp.Trace(_joined(self._first(turns)))

    def _first(self, readings: Sequence[Word]) -> Word:
        """The first of the readings and of their transposes that are words again."""
        mirrored = [self._mirrored({word: sp.S.One}, numbers=False) for word in readings]
        whole = [next(iter(words)) for words in mirrored if len(words) == 1 and set(words.values()) == {1}]
        return min([*readings, *whole], key=_key)

    def _entry(self, e: MatrixElement) -> sp.Expr:
        matrix, i, j = e.args
        entry = (
            n * (MatrixElement(_joined(w), i, j) if w else sp.KroneckerDelta(i, j)) for w, n in self.sum(matrix).items()
        )
        return sp.Add(*entry)

    def built(self, words: Sum, shape: tuple[sp.Expr, sp.Expr]) -> sp.MatrixExpr:
        """The expression that a sum stands for, in a fixed order."""
        parts = [
            n * (_joined(w) if w else sp.Identity(shape[0])) for w, n in sorted(words.items(), key=lambda i: _key(i[0]))
        ]
        return sp.MatAdd(*parts) if len(parts) > 1 else parts[0] if parts else sp.ZeroMatrix(*shape)

    def sum(self, expr: sp.MatrixExpr) -> Sum:  # noqa: C901, PLR0912 - one case a node
        """The reduced sum of words that a matrix is."""
        shape = expr.shape
        match expr:
            case sp.MatAdd():
                found = plus(*map(self.sum, expr.args))
            case sp.MatMul():
                number, factors = expr.as_coeff_matrices()
                found = scaled(self.number(number), times(*map(self.sum, factors)))
            case sp.Identity():
                found = {(): sp.S.One}
            case sp.ZeroMatrix():
                found = {}
            case sp.OneMatrix():
                ones = (expr,) if 1 in shape else (sp.OneMatrix(shape[0], 1), sp.OneMatrix(1, shape[1]))
                found = {ones: sp.S.One}
            case sp.MatrixSymbol():
                found = {(expr,): sp.S.One}
            case sp.Transpose():
                found = self._mirrored(self.sum(expr.arg))
            case sp.Inverse():
                found = self._inverse(self.sum(expr.arg), shape)
            case sp.MatPow():
                found = self._power(self.sum(expr.base), expr.exp, shape)
            case MatrixExp():
                found = self._exponential(self.sum(expr.args[0]), shape)
            case FlowIntegral():
                found = self._flow(self.sum(expr.args[0]), expr.args[1], shape)
            case PseudoInverse():
                found = self._pseudo_inverse(self.sum(expr.args[0]), expr.args[0].shape)
            case KroneckerProduct():
                found = self._kronecker(expr)
            case HadamardProduct():
                parts = sorted((self.built(self.sum(a), a.shape) for a in expr.args), key=sp.default_sort_key)
                found = {(HadamardProduct(*parts),): sp.S.One}
            case _:
                raise RejectedError(f"no algebra is known for the matrix {expr}")
        return self._reduced(found)

    # functions of a matrix S = alpha (B + beta I), the last word of B having the coefficient 1

    def _split(self, words: Sum) -> tuple[sp.Expr, Sum, sp.Expr]:
        rest = {word: number for word, number in words.items() if word}
        if not rest:
            return words.get((), sp.S.Zero), {}, sp.S.Zero
        alpha = rest[max(rest, key=_key)]
        base = {word: tidy(sp.sympify(number / alpha)) for word, number in rest.items()}
        return alpha, base, tidy(sp.sympify(words.get((), sp.S.Zero) / alpha))

    def _letter(self, node: sp.MatrixExpr, base: Sum) -> Sum:
        self._inner[node] = base
        return {(node,): sp.S.One}

    def _shifted(self, base: Sum, beta: sp.Expr, shape: Any) -> sp.MatrixExpr:
        return self.built(plus(base, {(): beta}), shape)

    def _inverse(self, words: Sum, shape: Any) -> Sum:
        alpha, base, beta = self._split(words)
        if not base:
            return {(): 1 / alpha}
        if beta == 0 and len(base) == 1:
            (word,) = base
            if len(word) > 1 and all(letter.is_square for letter in word):
                return scaled(
                    1 / alpha, times(*(self._inverse({(letter,): sp.S.One}, shape) for letter in reversed(word)))
                )
            if len(word) == 1 and isinstance(word[0], sp.Inverse):
                return scaled(1 / alpha, self.sum(word[0].arg))
            if len(word) == 1 and isinstance(word[0], MatrixExp):
                return scaled(1 / alpha, self.sum(MatrixExp(-word[0].args[0])))
            if len(word) == 1 and isinstance(word[0], KroneckerProduct) and all(a.is_square for a in word[0].args):
                return scaled(1 / alpha, self.sum(KroneckerProduct(*(sp.Inverse(a) for a in word[0].args))))
        return scaled(1 / alpha, self._letter(sp.Inverse(self._shifted(base, beta, shape)), base))

    def _exponential(self, words: Sum, shape: Any) -> Sum:
        alpha, base, beta = self._split(words)
        if not base:
            return {(): sp.exp(alpha)}
        matrix = self.built(base, shape)
        return scaled(sp.exp(alpha * beta), self._letter(MatrixExp(matrix if alpha == 1 else alpha * matrix), base))

    def _flow(self, words: Sum, time: sp.Expr, shape: Any) -> Sum:
        alpha, base, beta = self._split(words)
        if not base or beta != 0 or sp.sympify(alpha).is_zero is not False:
            return self._letter(FlowIntegral(self.built(words, shape), time), words)
        return scaled(1 / alpha, self._letter(FlowIntegral(self.built(base, shape), tidy(alpha * time)), base))

    def _power(self, words: Sum, exponent: sp.Expr, shape: Any) -> Sum:
        whole, symbolic = exponent.as_coeff_Add()
        if not whole.is_Integer or abs(whole) > 20:
            raise RejectedError(f"no algebra is known for the power {exponent} of a matrix")
        found = times(*[self._inverse(words, shape) if whole < 0 else words] * abs(int(whole)))
        if symbolic != 0:
            alpha, base, beta = self._split(words)
            power = self._letter(sp.MatPow(self._shifted(base, beta, shape), symbolic), base)
            found = times(scaled(alpha**symbolic, power), found)
        return found

    def _pseudo_inverse(self, words: Sum, shape: Any) -> Sum:
        if not words:
            return {}
        alpha, base, beta = self._split(words)
        if sp.sympify(alpha).is_zero is not False:
            return self._letter(PseudoInverse(self.built(words, shape)), words)
        whole = plus(base, {(): beta}) if base else {(): sp.S.One}
        return scaled(1 / alpha, self._letter(PseudoInverse(self.built(whole, shape)), whole))

    def _kronecker(self, expr: KroneckerProduct) -> Sum:
        total: Sum = {(): sp.S.One}
        done: list[tuple[tuple[sp.MatrixExpr, ...], sp.Expr]] = [((), sp.S.One)]
        for factor in expr.args:
            words = self.sum(factor).items()
            put = [(_joined(w) if w else sp.Identity(factor.shape[0]), n) for w, n in words]
            done = [((*parts, part), a * b) for parts, a in done for part, b in put]
        total = {}
        for parts, number in done:
            word = () if all(isinstance(part, sp.Identity) for part in parts) else (KroneckerProduct(*parts),)
            total = plus(total, {word: number})
        return total

    def _mirrored(self, words: Sum, *, numbers: bool = True) -> Sum:
        """The transpose."""
        parts = [scaled(n, times(*(self._turned(letter) for letter in reversed(w)))) for w, n in words.items()]
        return self._reduced(plus(*parts), numbers=numbers)

    def _turned(self, letter: sp.MatrixExpr) -> Sum:
        if isinstance(letter, sp.Transpose):
            return {(letter.arg,): sp.S.One}
        if isinstance(letter, sp.OneMatrix):
            return {(sp.OneMatrix(letter.shape[1], letter.shape[0]),): sp.S.One}
        if isinstance(letter, sp.MatrixSymbol):
            return {(sp.Transpose(letter),): sp.S.One}
        places = range(len(letter.args)) if isinstance(letter, KroneckerProduct | HadamardProduct) else (0,)
        turned = [
            self.built(self._mirrored(self.sum(a)), tuple(reversed(a.shape))) if place in places else a
            for place, a in enumerate(letter.args)
        ]
        return self.sum(letter.func(*turned))

    # reduction

    def _reduced(self, words: Sum, *, numbers: bool = True) -> Sum:
        todo: Sum = dict(words)
        done: Sum = {}
        for _ in range(_MOST_STEPS):
            if not todo:
                return {word: number for word, number in done.items() if number != 0}
            word, number = todo.popitem()
            changed = self._once(word)
            if changed is None and numbers:
                changed = self._numbers_out(word)
            if changed is None:
                done = plus(done, {word: number})
            else:
                todo = plus(todo, scaled(number, changed))
        raise RejectedError(f"a matrix is not reduced in {_MOST_STEPS} steps")

    def _once(self, word: Word) -> Sum | None:
        """One reduction of a word; None if there is none."""
        for pattern, value in self._equations:
            place = _place(pattern, word)
            if place is not None:
                return times({word[:place]: sp.S.One}, value, {word[place + len(pattern) :]: sp.S.One})
        for place in range(len(word)):
            found = self._at(word, place)
            if found is not None:
                start, stop, value = found
                return times({word[:start]: sp.S.One}, value, {word[stop:]: sp.S.One})
        return None

    def _numbers_out(self, word: Word) -> Sum | None:
        """Pieces that are 1×1 become numbers in front."""
        starts = [place for place, letter in enumerate(word) if letter.shape[0] == 1]
        for start in starts:
            for stop in range(start + 1, len(word) + 1):
                if word[stop - 1].shape[1] == 1 and word[start:stop] != word:
                    value = sp.Trace(_joined(self._first([word[start:stop]])))
                    return {word[:start] + word[stop:]: value}
        if starts[:1] == [0] and word[-1].shape[1] == 1:
            return {(): sp.Trace(_joined(self._first([word])))}
        return None

    def _at(self, word: Word, place: int) -> tuple[int, int, Sum] | None:
        """What a stretch of the word around a letter is replaced by."""
        letter, following = word[place], word[place + 1 : place + 2]
        if (
            following
            and isinstance(letter, sp.OneMatrix)
            and isinstance(following[0], sp.OneMatrix)
            and letter.shape[0] == 1
        ):
            return place, place + 2, {(): letter.shape[1]}
        if following and isinstance(letter, KroneckerProduct) and isinstance(following[0], KroneckerProduct):
            pairs = list(zip(letter.args, following[0].args, strict=False))
            if len(letter.args) == len(following[0].args) and all(a.shape[1] == b.shape[0] for a, b in pairs):
                return place, place + 2, self.sum(KroneckerProduct(*(a * b for a, b in pairs)))
        if letter not in self._inner or not isinstance(letter, _FUNCTIONS):
            return None
        base = self._inner[letter]
        if following and self._inner.get(following[0]) == base:
            merged = self._merged(letter, following[0], base)
            if merged is not None:
                return place, place + 2, merged
        return (
            self._penrose(word, base, letter) if isinstance(letter, PseudoInverse) else self._against(word, place, base)
        )

    def _against(self, word: Word, place: int, base: Sum) -> tuple[int, int, Sum] | None:
        """A function of B meets the last word of B: it is inverted, or passes through."""
        letter = word[place]
        last = max(base, key=_key)
        if base[last] != 1 or () in base:
            return None
        rest = {w: n for w, n in base.items() if w != last}
        me: Sum = {(letter,): sp.S.One}
        after = place + 1, place + 1 + len(last)
        before = place - len(last), place
        meets_after = word[slice(*after)] == last
        meets_before = before[0] >= 0 and word[slice(*before)] == last
        if isinstance(letter, sp.Inverse):
            shift = self.sum(letter.arg).get((), sp.S.Zero)
            others = scaled(sp.S.NegativeOne, plus(rest, {(): shift}))
            if meets_after:
                return place, after[1], plus({(): sp.S.One}, times(me, others))
            if meets_before:
                return before[0], place + 1, plus({(): sp.S.One}, times(others, me))
        elif isinstance(letter, FlowIntegral) and meets_after:
            decayed = self._exponential(scaled(-letter.args[1], base), letter.shape)
            value = plus({(): sp.S.One}, scaled(sp.S.NegativeOne, decayed), scaled(sp.S.NegativeOne, times(me, rest)))
            return place, after[1], value
        if meets_before:
            through = plus({(letter, *last): sp.S.One}, times(me, rest), scaled(sp.S.NegativeOne, times(rest, me)))
            return before[0], place + 1, through
        return None

    def _merged(self, one: sp.MatrixExpr, other: sp.MatrixExpr, base: Sum) -> Sum | None:
        if PseudoInverse in (type(one), type(other)) and self._mirrored(base) != base:
            return None
        if isinstance(one, MatrixExp) and isinstance(other, MatrixExp):
            return self.sum(MatrixExp(one.args[0] + other.args[0]))
        if type(one) is type(other) is sp.MatPow and one.base == other.base:
            return self._power(self.sum(one.base), one.exp + other.exp, one.shape)
        return {(other, one): sp.S.One} if _key((one,)) > _key((other,)) else None

    def _penrose(self, word: Word, base: Sum, me: sp.MatrixExpr) -> tuple[int, int, Sum] | None:
        """A A⁺ A = A and A⁺ A A⁺ = A⁺; for a Gram matrix S = BBᵀ also SS⁺ = S⁺S, S⁺SB = B and their like."""
        if len(base) != 1 or set(base.values()) != {1}:
            return None
        (a,) = base
        rules: list[tuple[Word, Word]] = [((*a, me, *a), a), ((me, *a, me), (me,))]
        if self._mirrored(base) == base:
            half, other = a[: len(a) // 2], a[len(a) // 2 :]
            rules += [((*a, me), (me, *a)), ((me, *a, *a), a), ((me, me, *a), (me,))]
            if half and self._mirrored({half: sp.S.One}) == {other: 1}:
                rules += [((me, *a, *half), half), ((*other, me, *a), other)]
        for pattern, value in rules:
            place = _place(pattern, word)
            if place is not None:
                return place, place + len(pattern), {value: sp.S.One}
        return None


def _place(pattern: Word, word: Word) -> int | None:
    return next((k for k in range(len(word) - len(pattern) + 1) if word[k : k + len(pattern)] == pattern), None)
