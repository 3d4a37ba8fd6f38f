"""Proof files into SymPy expressions: a reader of its own, for input that nobody vouches for.

The size of a file, the depth and number of its terms and the length of its numbers are bounded. Terms are built by the
constructors in a closed table; no text is evaluated.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy.core.symbol import Str
from sympy.functions.elementary.piecewise import ExprCondPair
from sympy.matrices.expressions.hadamard import HadamardProduct
from sympy.matrices.expressions.kronecker import KroneckerProduct
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.matrices.expressions.sets import MatrixSet

from derivations.replay import nodes
from derivations.replay.errors import MalformedError

LARGEST_FILE = 20_000_000
"""Bytes."""
DEEPEST = 120
MOST_TERMS = 400_000
LONGEST_NUMBER = 300
"""Digits."""
_NUMBER = re.compile(r"-?\d+(/\d+)?", re.ASCII)
_ASSUMPTIONS = frozenset(sp.Symbol("x").assumptions0) | {
    "real", "positive", "negative", "nonnegative", "nonpositive", "zero", "nonzero", "integer", "rational", "finite",
    "infinite", "extended_real", "extended_positive", "extended_negative", "extended_nonnegative", "complex",
    "extended_nonpositive", "extended_nonzero", "even", "odd", "hermitian", "antihermitian", "imaginary", "algebraic",
    "irrational", "transcendental", "noninteger", "prime", "composite", "commutative", "polar",
}  # fmt: skip
_FUNCTIONS: tuple[type[sp.Basic], ...] = (
    sp.exp, sp.log, sp.sin, sp.cos, sp.tan, sp.cot, sp.sec, sp.csc, sp.asin, sp.acos, sp.atan, sp.acot, sp.sinh,
    sp.cosh, sp.tanh, sp.coth, sp.erf, sp.erfc, sp.erfi, sp.gamma, sp.lowergamma, sp.uppergamma, sp.factorial,
    sp.binomial, sp.Abs, sp.sign, sp.floor, sp.ceiling, sp.Max, sp.Min, sp.Heaviside, sp.Piecewise,
    nodes.relu, nodes.step, nodes.normal_cdf, nodes.normal_pdf, *nodes.ARBITRARY.values(),
)  # fmt: skip
_UNEVALUATED = frozenset(
    {sp.Pow, sp.Derivative, sp.MatPow, sp.Eq, sp.Ne, sp.Lt, sp.Le, sp.Gt, sp.Ge, sp.And, sp.Or, sp.Not, *_FUNCTIONS}
)
_KINDS: dict[str, type[sp.Basic]] = {
    kind.__name__: kind
    for kind in (
        sp.Add, sp.Mul, sp.Pow, *_FUNCTIONS, sp.KroneckerDelta,
        sp.Eq, sp.Ne, sp.Lt, sp.Le, sp.Gt, sp.Ge, sp.And, sp.Or, sp.Not,
        sp.Sum, sp.Product, sp.Integral, sp.Derivative, sp.Limit, sp.Lambda, sp.Subs,
        sp.IndexedBase, sp.Indexed, sp.Tuple, ExprCondPair, sp.ImmutableDenseMatrix,
        sp.MatrixSymbol, MatrixElement, sp.MatAdd, sp.MatMul, sp.MatPow, sp.Transpose, sp.Inverse, sp.Identity,
        sp.ZeroMatrix, sp.OneMatrix, sp.Trace, sp.Determinant, KroneckerProduct, HadamardProduct,
        sp.Interval, sp.FiniteSet, sp.Union, sp.Range, MatrixSet,
        nodes.Expect, nodes.Iterate, nodes.LinearFlow, nodes.MatrixExp, nodes.FlowIntegral, nodes.TimeDerivative,
        nodes.PseudoInverse, nodes.OnlyEntry, nodes.Norm, nodes.Eigenvalue, nodes.SingularValue, nodes.Rank,
    )
}  # fmt: skip
_CONSTANTS: dict[str, sp.Basic] = {
    "pi": sp.pi, "I": sp.I, "E": sp.E, "oo": sp.oo, "-oo": -sp.oo, "zoo": sp.zoo, "nan": sp.nan,
    "Reals": sp.S.Reals, "Integers": sp.S.Integers, "Naturals": sp.S.Naturals, "Naturals0": sp.S.Naturals0,
    "EmptySet": sp.S.EmptySet,
}  # fmt: skip


@dataclass(frozen=True)
class Statement:
    """What a file says it proves."""

    kind: str
    lhs: sp.Expr
    rhs: sp.Expr
    where: tuple[tuple[sp.Expr, sp.Expr], ...]
    domain: tuple[tuple[sp.Basic, sp.Set], ...]


@dataclass(frozen=True)
class Step:
    """A step as it stands in the file."""

    id: str
    rule: str
    check: str
    lhs: sp.Expr
    rhs: sp.Expr
    uses: tuple[str, ...]
    lemma: str | None
    data: dict[str, Any]


@dataclass(frozen=True)
class File:
    """A proof file."""

    proves: dict[str, str]
    statement: Statement
    steps: tuple[Step, ...]
    lemmas: tuple[str, ...]


def read(text: str) -> File:
    """Read a proof file. Raises MalformedError, which says where it is wrong."""
    if len(text) > LARGEST_FILE:
        raise MalformedError("the file", f"it is longer than {LARGEST_FILE} characters")
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        cut = text.lstrip().startswith("{") and not text.rstrip().endswith("}")
        state = "it is cut off" if cut else "it is not JSON"
        raise MalformedError(f"line {error.lineno}, column {error.colno}", f"{state} ({error.msg})") from error
    except (RecursionError, ValueError) as error:
        raise MalformedError("the file", "it is nested too deeply, or holds a number that is too long") from error
    if not isinstance(data, dict) or data.get("format") != "ntk-verify proof":
        raise MalformedError("format", 'a proof file is a JSON object with "format": "ntk-verify proof"')
    if data.get("version") != 1:
        raise MalformedError("version", f"it is {data.get('version')!r}, and this replay reads version 1")
    reader = _Reader(data)
    proves = _texts("proves", data.get("proves"), {"claim", "form", "route"})
    statement = reader.statement(_mapping("statement", data.get("statement")))
    steps = _array("steps", data.get("steps"))
    lemmas = _array("lemmas", data.get("lemmas"))
    return File(proves, statement, tuple(map(reader.step, range(len(steps)), steps)), tuple(map(str, lemmas)))


def _mapping(where: str, data: Any) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise MalformedError(where, "an object belongs here")
    return data


def _array(where: str, data: Any) -> list[Any]:
    if not isinstance(data, list):
        raise MalformedError(where, "an array belongs here")
    return data


def _texts(where: str, data: Any, keys: set[str]) -> dict[str, str]:
    found = _mapping(where, data)
    if set(found) != keys or not all(isinstance(value, str) for value in found.values()):
        raise MalformedError(where, f"an object with the texts {', '.join(sorted(keys))} belongs here")
    return found


class _Reader:
    """Reads the terms of one file, and counts them."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.count = 0
        self.symbols: dict[str, sp.Symbol] = {}
        self.functions: dict[str, Any] = {}
        for table, make, into in (("symbols", sp.Symbol, self.symbols), ("functions", sp.Function, self.functions)):
            for key, found in _mapping(table, data.get(table)).items():
                where = f"{table}.{key}"
                entry = _mapping(where, found)
                name, assume = entry.get("name"), _mapping(f"{where}.assume", entry.get("assume"))
                if not isinstance(name, str) or not name.isprintable() or not name or not set(assume) <= _ASSUMPTIONS:
                    raise MalformedError(where, "a printable name and known assumptions belong here")
                if not all(isinstance(value, bool) for value in assume.values()) or assume.get("commutative") is False:
                    raise MalformedError(where, "every assumption is true or false, and all symbols commute")
                try:
                    into[key] = make(name, **assume)
                except Exception as error:
                    raise MalformedError(where, f"these assumptions contradict each other: {error}") from error

    def statement(self, data: dict[str, Any]) -> Statement:
        if data.get("kind") not in ("identity", "inequality"):
            raise MalformedError("statement.kind", '"identity" or "inequality" belongs here')
        pairs = {}
        for name in ("where", "domain"):
            found = _array(f"statement.{name}", data.get(name))
            pairs[name] = tuple(self._pair(f"statement.{name}.{n}", pair) for n, pair in enumerate(found))
        lhs, rhs = (self.term(f"statement.{side}", data.get(side)) for side in ("lhs", "rhs"))
        return Statement(data["kind"], lhs, rhs, pairs["where"], pairs["domain"])

    def _pair(self, where: str, data: Any) -> tuple[Any, Any]:
        if not isinstance(data, list) or len(data) != 2:
            raise MalformedError(where, "a pair belongs here")
        return self.term(where, data[0]), self.term(where, data[1])

    def step(self, number: int, data: Any) -> Step:
        where = f"steps.{number}"
        found = _mapping(where, data)
        for name in ("id", "rule", "check"):
            if not isinstance(found.get(name), str):
                raise MalformedError(f"{where}.{name}", "a text belongs here")
        uses, lemma = _array(f"{where}.uses", found.get("uses")), found.get("lemma")
        if not all(isinstance(name, str) for name in uses) or not isinstance(lemma, str | None):
            raise MalformedError(where, "uses are ids of steps, and the lemma is a name or null")
        own = _mapping(f"{where}.data", found.get("data"))
        data = {name: self._entry(f"{where}.data.{name}", name, value) for name, value in own.items()}
        lhs, rhs = (self.term(f"{where}.{side}", found.get(side)) for side in ("lhs", "rhs"))
        return Step(found["id"], found["rule"], found["check"], lhs, rhs, tuple(uses), lemma, data)

    def _entry(self, where: str, name: str, value: Any) -> Any:
        if name in ("of", "signs"):
            if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
                raise MalformedError(where, "an array of ids of steps belongs here")
            return tuple(value)
        return value if isinstance(value, bool) else self.value(where, value, 0)

    def term(self, where: str, data: Any) -> Any:
        """An expression, matrix or set."""
        found = self.value(where, data, 0)
        if not isinstance(found, sp.Basic):
            raise MalformedError(where, "an expression belongs here")
        return found

    def value(self, where: str, data: Any, depth: int) -> Any:  # noqa: C901, PLR0911, PLR0912 - one case a form
        """An expression, or a tuple or dictionary of such."""
        self.count += 1
        if depth > DEEPEST or self.count > MOST_TERMS:
            raise MalformedError(where, f"terms are nested at most {DEEPEST} deep, and there are at most {MOST_TERMS}")
        match data:
            case None:
                return None
            case bool():
                return sp.true if data else sp.false
            case str():
                return self._leaf(where, data)
            case {"text": str(text)} if len(data) == 1:
                return Str(text)
            case {"function": str(key)} if len(data) == 1 and key in self.functions:
                return self.functions[key]
            case ["list", *items]:
                return tuple(self.value(where, item, depth + 1) for item in items)
            case ["pairs", *pairs] if all(isinstance(pair, list) and len(pair) == 2 for pair in pairs):
                read = [[self.value(where, part, depth + 1) for part in pair] for pair in pairs]
                return dict(read)
            case [str(name)] if name in _CONSTANTS:
                return _CONSTANTS[name]
            case ["call", str(key), *arguments]:
                if key not in self.functions:
                    raise MalformedError(where, f"the function {key!r} is not in the table of functions")
                arguments = [self.value(where, item, depth + 1) for item in arguments]
                return self.functions[key](*arguments, evaluate=False)
            case [str(name), *arguments]:
                if name not in _KINDS:
                    raise MalformedError(where, f"{name!r} is no node that a proof file may hold")
                return self._node(where, _KINDS[name], [self.value(where, item, depth + 1) for item in arguments])
        raise MalformedError(where, f"this is no term: {str(data)[:60]}")

    def _leaf(self, where: str, text: str) -> sp.Expr:
        if _NUMBER.fullmatch(text):
            if len(text) > LONGEST_NUMBER:
                raise MalformedError(where, f"a number has at most {LONGEST_NUMBER} digits")
            number = sp.Rational(*map(int, text.split("/")))
            if number is sp.zoo or number is sp.nan:
                raise MalformedError(where, "a number is divided by zero")
            return number
        if text not in self.symbols:
            raise MalformedError(where, f"the symbol {text!r} is not in the table of symbols")
        return self.symbols[text]

    def _node(self, where: str, kind: type[sp.Basic], arguments: list[Any]) -> sp.Basic:
        try:
            if not all(isinstance(argument, sp.Basic) for argument in arguments):
                raise TypeError("the arguments of a node are terms")
            if kind in (sp.Add, sp.Mul):
                if len(arguments) < 2 or not all(isinstance(a, sp.Expr) and a.is_commutative for a in arguments):
                    raise TypeError("numbers are added and multiplied")
                return kind._from_args(arguments)
            if kind is sp.Pow and arguments[1].is_Integer and abs(arguments[1]) > 1000:
                raise ValueError("a power has an exponent of at most 1000")
            node = kind(*arguments, **({"evaluate": False} if kind in _UNEVALUATED else {}))
        except Exception as error:
            raise MalformedError(where, f"{kind.__name__} cannot be built: {type(error).__name__}: {error}") from error
        if type(node) is not kind or node.args != tuple(arguments):
            raise MalformedError(where, f"{kind.__name__} with these arguments is written differently: {node}")
        return node
