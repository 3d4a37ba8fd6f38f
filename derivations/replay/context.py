"""What a replay knows while it goes through a file: the statement, and the steps accepted so far."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeAlias

import sympy as sp
from sympy.core.function import AppliedUndef, UndefinedFunction

from derivations.replay import nodes
from derivations.replay.decode import File, Statement, Step
from derivations.replay.errors import RejectedError

Definitions: TypeAlias = Sequence[tuple[sp.Expr, sp.Expr]]


@dataclass(frozen=True)
class Condition:
    """A symbol runs from one value to another, the ends left out that are open."""

    symbol: sp.Symbol
    low: sp.Expr
    high: sp.Expr
    open_low: bool = False
    open_high: bool = False

    def __str__(self) -> str:
        before, after = ("<" if is_open else "<=" for is_open in (self.open_low, self.open_high))
        return f"{self.low} {before} {self.symbol} {after} {self.high}"


Conditions: TypeAlias = frozenset[Condition]


@dataclass(frozen=True)
class Accepted:
    """A step that holds: where its conditions do, with names that only it defines put in."""

    step: Step
    lhs: sp.Expr
    rhs: sp.Expr
    conditions: Conditions
    meaning: Mapping[Any, sp.Lambda]
    """What function names in it stand for that mean nothing outside such steps."""
    almost_everywhere: bool = False

    @property
    def is_sign(self) -> bool:
        """Whether it says lhs >= 0."""
        return self.step.rule == "sign"


@dataclass
class Context:
    """The statement and the accepted steps, by id."""

    statement: Statement
    abbreviations: Mapping[Any, sp.Lambda] = field(default_factory=dict)
    """Functions that are only named and have one meaning in the whole file."""
    accepted: dict[str, Accepted] = field(default_factory=dict)

    def definitions(self, step: Step) -> Definitions:
        """The definitions a step puts in."""
        found = step.data.get("definitions", ())
        if found is True:
            return self.statement.where
        if not all(isinstance(pair, tuple) and len(pair) == 2 for pair in found):
            raise RejectedError("its definitions are no pairs")
        return tuple(found)

    def own_definitions(self, step: Step) -> Definitions:
        """Those that are not the statement's. Raises RejectedError for a name that means something in the statement."""
        own = [pair for pair in self.definitions(step) if pair not in self.statement.where]
        taken = {e for side in self.stated() for e in sp.preorder_traversal(side)}
        heads = {e.func for e in taken if isinstance(e, AppliedUndef)}
        for name, _ in own:
            if name in taken or (isinstance(name, AppliedUndef) and name.func in heads):
                raise RejectedError(f"it redefines {name}, which means something in the statement")
            if not (name.is_Symbol or is_named(name)):
                raise RejectedError(f"{name} is no name that could be defined")
        for name in step.data.get("meaning", {}):
            if name in heads or not isinstance(name, UndefinedFunction):
                raise RejectedError(f"it says what {name} means, which means something in the statement")
        return tuple(own)

    def stated(self) -> set[sp.Basic]:
        """All the expressions in the statement."""
        defined = {side for pair in self.statement.where for side in pair}
        return {self.statement.lhs, self.statement.rhs, *defined, *(q for q, _ in self.statement.domain)}

    def equations(self, step: Step, *, almost: bool = False) -> list[Accepted]:
        """The equations that a step says it uses, all of them accepted before; `almost` lets in those that hold so."""
        found = self._named(step, step.data.get("of", ()))
        for used in found:
            if used.is_sign:
                raise RejectedError(f"it uses step {used.step.id} as an equation, which is an inequality")
            if used.almost_everywhere and not almost:
                raise RejectedError(f"it uses step {used.step.id}, which holds almost everywhere, as an equation")
        return found

    def signs(self, step: Step) -> list[Accepted]:
        """The inequalities that a step says it uses."""
        found = self._named(step, step.data.get("signs", ()))
        for used in found:
            if not used.is_sign:
                raise RejectedError(f"it uses step {used.step.id} as an inequality, which is an equation")
        return found

    def used(self, step: Step) -> list[Accepted]:
        """All the steps that a step rests on."""
        return self._named(step, step.uses)

    def _named(self, step: Step, names: Iterable[str]) -> list[Accepted]:
        found = []
        for name in names:
            if name not in self.accepted:
                raise RejectedError(f"it uses step {name}, which does not come before it")
            if name not in step.uses:
                raise RejectedError(f"it uses step {name} without saying so")
            found.append(self.accepted[name])
        return found

    def inherited(self, step: Step) -> Conditions:
        """The conditions of the steps used, but for indices that the sides of this step bind with that range."""
        limits = {
            tuple(limit)
            for side in (step.lhs, step.rhs)
            for node in side.atoms(sp.Sum, sp.Product, sp.Integral)
            for limit in node.limits
        }
        free = step.lhs.free_symbols | step.rhs.free_symbols
        return frozenset(
            condition
            for used in self.used(step)
            for condition in used.conditions
            if condition.symbol in free or (condition.symbol, condition.low, condition.high) not in limits
        )


def abbreviations(file: File) -> dict[Any, sp.Lambda]:
    """The functions that are only named in a file, if all its steps give them one meaning and the statement none."""
    sides = (file.statement.lhs, file.statement.rhs, *(e for pair in file.statement.where for e in pair))
    taken = {e.func for side in sides for e in side.atoms(AppliedUndef)}
    meanings: dict[Any, set[Any]] = {}
    for step in file.steps:
        for name, formula in step.data.get("meaning", {}).items():
            meanings.setdefault(name, set()).add(formula)
    return {name: next(iter(found)) for name, found in meanings.items() if len(found) == 1 and name not in taken}


def is_named(name: sp.Expr) -> bool:
    """Whether it is a function, which is only named, of distinct symbols and families, symbols among them."""
    arguments = name.args if isinstance(name, AppliedUndef) else ()
    general = all(isinstance(a, sp.Symbol | sp.IndexedBase) for a in arguments)
    return general and len(set(arguments)) == len(arguments) and any(isinstance(a, sp.Symbol) for a in arguments)


def put_in(expr: sp.Expr, definitions: Definitions) -> sp.Expr:
    """The expression with defined names replaced, as often as there are definitions."""
    return _put_in(expr, tuple(definitions)) if definitions else expr


@lru_cache(maxsize=8192, typed=True)
def _put_in(expr: sp.Expr, definitions: tuple[tuple[sp.Expr, sp.Expr], ...]) -> sp.Expr:
    functions = [pair for pair in definitions if is_named(pair[0])]
    matrices = {name: meaning for name, meaning in definitions if isinstance(name, sp.MatrixExpr)}
    others = {name: meaning for name, meaning in definitions if not is_named(name) and name not in matrices}
    for _ in definitions:
        before = expr
        heads = {e.func for e in expr.atoms(AppliedUndef)}
        for name, meaning in functions:
            if name.func in heads:
                expr = expr.replace(name.func, _applier(name, meaning))
                heads |= {e.func for e in meaning.atoms(AppliedUndef)}
        expr = expr.xreplace(matrices).subs(others, simultaneous=True)
        if expr == before:
            break
    return expr


def _applier(name: sp.Expr, meaning: sp.Expr) -> Callable[..., sp.Expr]:
    bound = {limit[0] for node in meaning.atoms(sp.Sum, sp.Product, sp.Integral) for limit in node.limits}

    def apply(*arguments: sp.Expr) -> sp.Expr:
        if len(arguments) != len(name.args):
            raise RejectedError(f"{name.func} is used with {len(arguments)} arguments")
        at = {symbol: a for symbol, a in zip(name.args, arguments, strict=True) if symbol != a}
        if any(a.free_symbols & bound for a in at.values()):
            raise RejectedError(f"an index of the meaning of {name} is among its arguments")
        families = {symbol: a for symbol, a in at.items() if isinstance(symbol, sp.IndexedBase)}
        symbols = {symbol: a for symbol, a in at.items() if symbol not in families}
        return meaning.xreplace(families).subs(symbols, simultaneous=True)

    return apply


def define(expr: sp.Expr, meaning: Mapping[Any, sp.Lambda]) -> sp.Expr:
    """The expression with named functions replaced by formulas, and the derivatives of them carried out."""
    for name, formula in meaning.items():
        if not isinstance(formula, sp.Lambda):
            raise RejectedError("the meaning of a function is no formula in its arguments")
        expr = expr.replace(name, formula)
    return expr.replace(sp.Derivative, lambda *args: sp.Derivative(*args).doit(deep=False)) if meaning else expr


def replaced(expr: sp.Expr, lhs: sp.Expr, rhs: sp.Expr, every: Sequence[sp.Symbol] = ()) -> sp.Expr:
    """`lhs` replaced by `rhs`, whatever the values of those of its arguments that are among the symbols `every`."""
    places = [place for place, argument in enumerate(lhs.args) if argument in every]
    if not places:
        return expr.xreplace({lhs: rhs})

    def matches(e: sp.Basic) -> bool:
        same = e.func == lhs.func and len(e.args) == len(lhs.args)
        return same and all(
            place in places or a == b for place, (a, b) in enumerate(zip(e.args, lhs.args, strict=True))
        )

    def instance(e: sp.Basic) -> sp.Basic:
        at = {lhs.args[place]: e.args[place] for place in places}
        for symbol, value in at.items():
            suits(symbol, value)
        return rhs.subs(at, simultaneous=True)

    return expr.replace(matches, instance)


def suits(symbol: sp.Symbol, value: sp.Expr) -> None:
    """Raise RejectedError unless the value has every property that is assumed of the symbol."""
    for name, holds in symbol._assumptions_orig.items():
        if getattr(value, f"is_{name}") is not holds:
            raise RejectedError(f"{value} is put for {symbol}, and is not known to be {'' if holds else 'not '}{name}")


def differential(expr: sp.Expr) -> bool:
    """Whether a flow occurs."""
    return bool(expr.atoms(nodes.LinearFlow))
