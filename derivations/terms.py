"""SymPy expressions as plain JSON and back, over a closed list of node names.

An expression becomes one of

    "-3/2"                      a rational number, in decimal digits
    "rho"                       a symbol, by its key in the table of symbols
    ["Add", a, b, …]            a node: its name in the list, then its arguments
    ["call", "p", a, b, …]      a function that is only named, by its key in the table of functions
    {"text": "Phi"}             a text, such as the name of a matrix
    true, false                 the truth values

and data around expressions `["list", …]`, `["pairs", [key, value], …]` and `{"function": "p"}`, the name of a function.
The two tables, `Tables`, say of every symbol and every named function what it is called and what is assumed of it.
Reading builds nodes with their own constructors and never evaluates text; a node that is not in the list is an error.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import singledispatchmethod
from typing import Any, TypeAlias

import sympy as sp
from sympy.core.function import AppliedUndef, UndefinedFunction
from sympy.core.symbol import Str

from derivations.vocabulary import BUILT_AS_THEY_ARE, CONSTANTS, NODES

Json: TypeAlias = Any
NUMBER = re.compile(r"-?\d+(/\d+)?")
_NAMES = {kind: name for name, kind in NODES.items()}
_CONSTANT_NAMES = {value: name for name, value in CONSTANTS.items()}


class TermError(ValueError):
    """An expression that has no JSON, or JSON that is no expression."""


@dataclass
class Tables:
    """The symbols and the named functions of one file, by their keys."""

    symbols: dict[str, sp.Symbol] = field(default_factory=dict)
    functions: dict[str, UndefinedFunction] = field(default_factory=dict)
    _keys: dict[Any, str] = field(default_factory=dict)

    def key(self, named: sp.Symbol | UndefinedFunction) -> str:
        """The key of a symbol or named function: its name, numbered from the second thing of that name on."""
        if named not in self._keys:
            name = named.name if isinstance(named, sp.Symbol) else named.__name__
            table: dict[str, Any] = self.symbols if isinstance(named, sp.Symbol) else self.functions
            keys = [name] if name and not NUMBER.fullmatch(name) else []
            keys += [f"{name}#{number}" for number in range(2, len(table) + 3)]
            key = next(key for key in keys if key not in table)
            table[key], self._keys[named] = named, key
        return self._keys[named]

    def to_json(self) -> dict[str, Json]:
        """Both tables: key to name and assumptions."""
        symbols = {
            key: {"name": symbol.name, "assume": dict(sorted(symbol._assumptions_orig.items()))}
            for key, symbol in sorted(self.symbols.items())
        }
        functions = {
            key: {"name": function.__name__, "assume": dict(sorted((function._kwargs or {}).items()))}
            for key, function in sorted(self.functions.items())
        }
        return {"symbols": symbols, "functions": functions}

    @classmethod
    def from_json(cls, data: Mapping[str, Json]) -> "Tables":
        """Read both tables."""
        tables = cls()
        for key, entry in data["symbols"].items():
            tables.symbols[key] = sp.Symbol(entry["name"], **entry["assume"])
        for key, entry in data["functions"].items():
            tables.functions[key] = sp.Function(entry["name"], **entry["assume"])
        return tables


@dataclass
class Encoder:
    """Writes expressions as JSON, and collects the symbols and named functions in them."""

    tables: Tables = field(default_factory=Tables)
    _dummies: dict[sp.Dummy, sp.Symbol] = field(default_factory=dict)

    @singledispatchmethod
    def __call__(self, value: object) -> Json:
        """The JSON of an expression, or of data around expressions. Raises TermError for anything else."""
        raise TermError(f"{type(value).__name__} is not among the nodes a proof file may hold: {value}")

    @__call__.register
    def _(self, value: bool) -> Json:
        return value

    @__call__.register
    def _(self, value: int) -> Json:
        return str(value)

    @__call__.register
    def _(self, value: str) -> Json:
        return {"text": value}

    @__call__.register(tuple)
    @__call__.register(list)
    def _(self, value: Sequence[Any]) -> Json:
        return ["list", *map(self, value)]

    @__call__.register(dict)
    def _(self, value: Mapping[Any, Any]) -> Json:
        return ["pairs", *([self(key), self(entry)] for key, entry in value.items())]

    @__call__.register
    def _(self, value: UndefinedFunction) -> Json:
        return {"function": self.tables.key(value)}

    @__call__.register
    def _(self, value: sp.Basic) -> Json:  # noqa: PLR0911 - one case a form
        if isinstance(value, sp.Rational):
            return str(value)
        if value in _CONSTANT_NAMES:
            return [_CONSTANT_NAMES[value]]
        if isinstance(value, sp.Dummy):
            return self(self._dummies.setdefault(value, _symbol_for(value, len(self._dummies))))
        if isinstance(value, sp.Symbol):
            return self.tables.key(value)
        if isinstance(value, Str):
            return {"text": value.name}
        if isinstance(value, AppliedUndef):
            return ["call", self.tables.key(value.func), *map(self, value.args)]
        if isinstance(value, sp.logic.boolalg.BooleanAtom):
            return bool(value)
        name = _NAMES.get(type(value))
        if name is None:
            raise TermError(f"{type(value).__name__} is not among the nodes a proof file may hold: {value}")
        return [name, *map(self, value.args)]


def _symbol_for(dummy: sp.Dummy, number: int) -> sp.Symbol:
    """A dummy has no name of its own to be known by: a symbol with a name that nothing else has."""
    # SymPy calls one without a name after how many there were before it in the process.
    name = re.sub(r"^Dummy_\d+$", "dummy", dummy.name.lstrip("_"))
    return sp.Symbol(f"{name}~{number + 1}", **dummy._assumptions_orig)


def decode(data: Json, tables: Tables) -> Any:  # noqa: PLR0911 - one case a form
    """Read what `Encoder` wrote. Raises TermError for JSON that is no expression."""
    match data:
        case bool():
            return sp.true if data else sp.false
        case str():
            if NUMBER.fullmatch(data):
                return sp.Rational(data)
            if data in tables.symbols:
                return tables.symbols[data]
        case {"text": str(text)}:
            return Str(text)
        case {"function": str(key)} if key in tables.functions:
            return tables.functions[key]
        case ["list", *items]:
            return tuple(decode(item, tables) for item in items)
        case ["pairs", *pairs]:
            return {decode(key, tables): decode(value, tables) for key, value in pairs}
        case ["call", str(key), *arguments] if key in tables.functions:
            return tables.functions[key](*(decode(item, tables) for item in arguments), evaluate=False)
        case [str(name)] if name in CONSTANTS:
            return CONSTANTS[name]
        case [str(name), *arguments] if name in NODES:
            return _node(name, [decode(item, tables) for item in arguments])
    raise TermError(f"this is no expression: {str(data)[:80]}")


def _node(name: str, arguments: list[sp.Basic]) -> sp.Basic:
    """The node with exactly these arguments, in this order."""
    kind = NODES[name]
    if kind in {sp.Add, sp.Mul}:
        return kind._from_args(arguments)
    node = kind(*arguments, **({"evaluate": False} if kind in BUILT_AS_THEY_ARE else {}))
    if type(node) is not kind or node.args != tuple(arguments):
        raise TermError(f"{name} with these arguments is written differently: {node}")
    return node
