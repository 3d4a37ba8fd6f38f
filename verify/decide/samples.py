"""Samples as the rules read them: pooled draws at the parameter points inside a statement's domain."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product

import numpy as np
import sympy as sp

from verify.decide.evaluate import Floats, Value, exact, names
from verify.decide.wording import setting
from verify.evidence import Cell, SampleEvidence
from verify.statement import Statement

POOLED = frozenset({"draws", "batch", "replicate", "pilot"})
"""Parameters that tell apart pieces of one sample: cells that differ in nothing else are pooled."""

Parameters = Mapping[str, float | int | str]
Point = tuple[tuple[str, float | int | str], ...]


@dataclass(frozen=True, eq=False)
class Sample:
    """All draws at one parameter point."""

    parameters: Mapping[str, float | int | str]
    cells: tuple[Cell, ...] = field(repr=False)

    @cached_property
    def columns(self) -> dict[str, Floats]:
        """The columns by name, the draws of all cells in their order."""
        pieces = [{name: np.asarray(column, dtype=float) for name, column in c.columns.items()} for c in self.cells]
        return {name: np.concatenate([piece[name] for piece in pieces]) for name in pieces[0]}

    @cached_property
    def errors(self) -> dict[str, Floats]:
        """Bounds on the errors of the entries, by the names of the columns that have any."""
        named = sorted({name for cell in self.cells for name in cell.errors})
        pieces = [
            {name: cell.errors.get(name, (0.0,) * len(cell.columns[name])) for name in named} for cell in self.cells
        ]
        return {name: np.concatenate([np.asarray(piece[name], dtype=float) for piece in pieces]) for name in named}

    @cached_property
    def draws(self) -> int:
        """How many draws there are; raises ValueError when columns differ in length."""
        lengths = [{len(column) for column in cell.columns.values()} or {0} for cell in self.cells]
        if any(len(found) > 1 for found in lengths):
            raise ValueError(f"the columns at {setting(self.parameters)} have different lengths")
        return sum(max(found) for found in lengths)


@dataclass(frozen=True, eq=False)
class Group:
    """Samples that differ in the width alone, in the order of their widths."""

    label: str
    parameters: Mapping[str, float | int | str]
    samples: tuple[Sample, ...]


def inside(value: float | int | str, allowed: sp.Set) -> bool:
    """Whether a parameter's value lies in a set; a double matches a member of a finite set to 12 digits.

    >>> inside(0.3, sp.FiniteSet(sp.Rational(3, 10))), inside(2.0, sp.Interval(0, 1))
    (True, False)
    >>> inside("relu", sp.FiniteSet(sp.Symbol("tanh")))
    False
    """
    if isinstance(allowed, sp.FiniteSet):
        return any(same(value, member) for member in allowed)
    if isinstance(allowed, sp.Interval) and not isinstance(value, str) and not allowed.free_symbols:
        low, high = float(allowed.start), float(allowed.end)  # rounding keeps their order to a double that differs
        if value not in (low, high):
            return low < value < high
    answer = allowed.contains(sp.Symbol(value) if isinstance(value, str) else exact(value))
    if answer not in (sp.true, sp.false):
        raise ValueError(f"cannot tell whether {value} lies in {allowed}")
    return bool(answer)


def same(value: Value | sp.Basic, member: Value | sp.Basic) -> bool:
    """Whether two values agree: numbers to 12 digits, everything else by its text.

    >>> same(0.1, sp.Rational(1, 10)), same("1/10", sp.Rational(1, 10)), same("tanh", sp.Symbol("erf"))
    (True, True, False)
    """
    try:
        return math.isclose(float(value), float(member), rel_tol=1e-12)
    except (TypeError, ValueError):
        return str(value) == str(member)


def in_domain(statement: Statement, parameters: Mapping[str, float | int | str]) -> bool:
    """Whether every parameter that the domain names lies in its set."""
    sets = {str(name): allowed for name, allowed in statement.domain}
    return all(inside(value, sets[name]) for name, value in parameters.items() if name in sets)


def point(parameters: Parameters) -> Point:
    """Return what the cells of one sample have in common: their parameters but for those that are `POOLED`.

    >>> point({"m": 4, "draws": 100, "batch": 2})
    (('m', 4),)
    """
    return tuple(sorted((name, value) for name, value in parameters.items() if name not in POOLED))


def pooled(statement: Statement, evidence: SampleEvidence) -> tuple[Sample, ...]:
    """Return the samples inside the statement's domain that it is decided on."""
    return together(statement, evidence.cells)


def together(statement: Statement, cells: Iterable[Cell]) -> tuple[Sample, ...]:
    """Return the samples inside the statement's domain, cells of one `point` put together in the order of batches."""
    found: dict[Point, list[Cell]] = {}
    for cell in cells:
        parameters = point(cell.parameters)
        if in_domain(statement, dict(parameters)):
            found.setdefault(parameters, []).append(cell)
    samples = (Sample(dict(key), tuple(sorted(cells, key=_batch))) for key, cells in found.items())
    return tuple(sample for sample in samples if sample.draws)


def _batch(cell: Cell) -> int:
    return int(cell.parameters.get("batch", 0))


def looks_of(sample: Sample, evidence: SampleEvidence) -> tuple[int, ...]:
    """Return the numbers of draws at the looks of a sample; raises ValueError unless its batches end at a look."""
    if not evidence.looks:
        return (sample.draws,)
    batches = {cell.parameters.get("batch") for cell in sample.cells}
    if batches != set(range(len(batches))) or len(batches) not in evidence.looks or sample.draws % len(batches):
        raise ValueError(f"the batches drawn at {setting(sample.parameters)} do not end at a look")
    return tuple(look * sample.draws // len(batches) for look in evidence.looks)


def inexact(samples: Iterable[Sample], *sides: sp.Expr) -> str:
    """Say that the errors of draws enter the sides of a statement, if they do."""
    entering = {name for side in sides for name in names(side)}
    if any(entering & set(sample.errors) for sample in samples):
        return " The errors of the draws are inside the intervals."
    return ""


def untested(statement: Statement, points: Iterable[Mapping[str, Value]]) -> tuple[str, ...]:
    """Name the combinations of members of the domain's finite sets that no parameter point has.

    Symbols of the domain that are a parameter of no point play no part.
    """
    points = list(points)
    known = {name for point in points for name in point}
    choices = [
        [(str(symbol), member) for member in sorted(allowed, key=sp.default_sort_key)]
        for symbol, allowed in statement.domain
        if isinstance(allowed, sp.FiniteSet) and str(symbol) in known
    ]
    return tuple(
        setting(dict(choice))
        for choice in product(*choices)
        if choice and not any(all(name in p and same(p[name], member) for name, member in choice) for p in points)
    )


def by_width(samples: Iterable[Sample], along: sp.Symbol) -> tuple[Group, ...]:
    """Group samples that differ only in the width `along`; raises ValueError for a sample without that parameter."""
    found: dict[tuple[tuple[str, float | int | str], ...], list[Sample]] = {}
    for sample in samples:
        if not isinstance(sample.parameters.get(str(along)), float | int):
            raise ValueError(f"no parameter {str(along)!r} to compare widths along at {setting(sample.parameters)}")
        rest = {name: value for name, value in sample.parameters.items() if name != str(along)}
        found.setdefault(tuple(rest.items()), []).append(sample)
    varying = {name for key in found for name, value in key if any(dict(other).get(name) != value for other in found)}
    return tuple(
        Group(
            label=setting({name: value for name, value in key if name in varying}),
            parameters=dict(key),
            samples=tuple(sorted(members, key=lambda sample: float(sample.parameters[str(along)]))),
        )
        for key, members in found.items()
    )
