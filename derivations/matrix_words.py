"""Words and sums of words: the plain data of the algebra of matrices (`derivations.matrix_algebra`)."""

from collections.abc import Mapping
from typing import Any, TypeAlias

import sympy as sp

Word: TypeAlias = tuple[sp.MatrixExpr, ...]
"""A product of letters."""
Sum: TypeAlias = dict[Word, sp.Expr]
"""Words to their coefficients; the empty word is the identity."""
ONE: Sum = {(): sp.S.One}


def product(word: Word) -> sp.MatrixExpr:
    """The expression that a word with letters stands for."""
    return word[0] if len(word) == 1 else sp.MatMul(*word)


def cut(word: Word) -> list[Word]:
    """The pieces of a word between the places where it is one wide."""
    pieces: list[list[sp.MatrixExpr]] = [[]]
    for position, letter in enumerate(word):
        if position and letter.shape[0] == 1:
            pieces.append([])
        pieces[-1].append(letter)
    return [tuple(piece) for piece in pieces]


def find(pattern: Word, word: Word) -> int | None:
    """Where a word first occurs in another."""
    return next((k for k in range(len(word) - len(pattern) + 1) if word[k : k + len(pattern)] == pattern), None)


def key(word: Word) -> Any:
    """The order of words: by length, then by their letters."""
    return len(word), tuple(sp.default_sort_key(letter) for letter in word)


def lead(words: Mapping[Word, Any]) -> Word:
    """The longest word, the last of them in the order of words."""
    return max(words, key=key)


def added(*sums: Sum) -> Sum:
    """The sum, without words whose coefficients vanish."""
    total: Sum = {}
    for words in sums:
        for word, coefficient in words.items():
            total[word] = total.get(word, sp.S.Zero) + coefficient
    return {word: coefficient for word, coefficient in total.items() if coefficient != 0}


def scaled(factor: sp.Expr, words: Sum) -> Sum:
    """A multiple."""
    return {word: factor * coefficient for word, coefficient in words.items() if factor != 0}


def times(one: Sum, other: Sum) -> Sum:
    """The product, not reduced."""
    total: Sum = {}
    for left, a in one.items():
        for right, b in other.items():
            total[left + right] = total.get(left + right, sp.S.Zero) + a * b
    return total
