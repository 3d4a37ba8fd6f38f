"""Counts: the number of entries of families whose sizes vary from layer to layer, summed over the layers."""

import sympy as sp

from derivations import check
from derivations.chain import Chain, Step
from derivations.domain import Equation, unfounded


def by_layers(statement: Equation) -> Chain:
    """Derive `lhs = rhs` where the left side counts entries: sums of 1 over ranges that may depend on an outer index.

    Every such sum is the product of its sizes, for any value of the outer index; what is left are sums over the layers.
    """
    if obstacle := unfounded(statement):
        return Chain(steps=(), obstacle=obstacle)
    lhs = statement.expand(statement.lhs)
    counts: list[Step] = []
    for number, total in enumerate(sorted((t for t in lhs.atoms(sp.Sum) if _is_count(t)), key=sp.default_sort_key), 1):
        sizes = sp.Mul(*(high - low + 1 for _, low, high in total.limits))
        text = "The number of entries of one family, in a layer of any sizes."
        counts.append(check.finite_sums(f"count-{number}", text, total, sizes))
    counted = lhs.xreplace({step.lhs: step.rhs for step in counts if step.closed})
    text = "The number of entries in all, with the number of each family."
    inserted = check.consequence("counted", text, statement.lhs, counted, counts, definitions=statement.where)
    whole = check.finite_sums(
        "statement", "By the rules of finite sums.", counted, statement.rhs, definitions=statement.where
    )
    return Chain(steps=(*counts, inserted, whole))


def _is_count(total: sp.Sum) -> bool:
    """Whether every term is 1 and the number of terms does not depend on an index of the sum itself."""
    indices = {index for index, *_ in total.limits}
    return total.function == 1 and not any(
        indices & (low.free_symbols | high.free_symbols) for _, low, high in total.limits
    )
