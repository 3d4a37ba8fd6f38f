"""Statements in print: a sentence for each kind, set from the very slots that are tested."""

from collections.abc import Callable
from functools import lru_cache
from itertools import groupby
from string import Template

import sympy as sp

from verify.evidence import Formula
from verify.quantities import Notation
from verify.statement import (
    Direction,
    EqualityInLaw,
    Identity,
    Inequality,
    Limit,
    Need,
    Ordering,
    ProbabilityBound,
    Rate,
    Statement,
)
from verify.typeset.latex import TheoryLatexPrinter
from verify.typeset.names import named
from verify.typeset.text import TextPrinter
from verify.typeset.typst import TypstPrinter

_TWO_QUANTITIES = (EqualityInLaw, "without an argument")
_UP_TO = Notation(', quad "up to" plus.minus $within', r",\quad \text{up to } {\pm $within}", ", up to ±$within")
_SENTENCES: dict[object, Notation] = {
    Identity: Notation("$lhs = $rhs", "$lhs = $rhs", "$lhs = $rhs"),
    Inequality: Notation("$lhs <= $rhs", r"$lhs \le $rhs", "$lhs ≤ $rhs"),
    Need.SUFFICIENT: Notation(
        'bb(P)($deviation > $bound) <= $level quad "whenever" $m >= $width',
        r"\mathbb{P}\left($deviation > $bound\right) \le $level \quad \text{whenever } $m \ge $width",
        "P($deviation > $bound) ≤ $level whenever $m ≥ $width",
    ),
    Need.NECESSARY: Notation(
        'bb(P)($deviation > $bound) > $level quad "whenever" $m < $width',
        r"\mathbb{P}\left($deviation > $bound\right) > $level \quad \text{whenever } $m < $width",
        "P($deviation > $bound) > $level whenever $m < $width",
    ),
    Direction.AT_MOST: Notation(
        'op("med")($quantity) = cal(O)($power) quad ("fitted exponent" <= $exponent + $margin)',
        r"\operatorname{med}\left($quantity\right) = \mathcal{O}\left($power\right) "
        r"\quad (\text{fitted exponent} \le $exponent + $margin)",
        "med($quantity) = O($power) (fitted exponent ≤ $exponent + $margin)",
    ),
    Direction.EXACTLY: Notation(
        'op("med")($quantity) prop $power quad ("fitted exponent" = $exponent plus.minus $margin)',
        r"\operatorname{med}\left($quantity\right) \propto $power "
        r"\quad (\text{fitted exponent} = $exponent \pm $margin)",
        "med($quantity) ∝ $power (fitted exponent = $exponent ± $margin)",
    ),
    Limit: Notation(
        '$quantity attach(arrow.r.long, t: bb(P)) $value quad ($along -> infinity, "tested to" plus.minus $tolerance)',
        r"$quantity \xrightarrow{\mathbb{P}} $value \quad ($along \to \infty, \text{tested to } {\pm $tolerance})",
        "$quantity →(P) $value ($along → ∞, tested to ±$tolerance)",
    ),
    Ordering: Notation(
        'op("med")($quantity) "is strictly $trend in" $along',
        r"\operatorname{med}\left($quantity\right) \text{ is strictly $trend in } $along",
        "med($quantity) is strictly $trend in $along",
    ),
    EqualityInLaw: Notation(
        'bb(P)($quantity <= $argument) = $law quad ("tested to" plus.minus $tolerance "uniformly in" $argument)',
        r"\mathbb{P}\left($quantity \le $argument\right) = $law "
        r"\quad (\text{tested to } {\pm $tolerance} \text{ uniformly in } $argument)",
        "P($quantity ≤ $argument) = $law (tested to ±$tolerance uniformly in $argument)",
    ),
    _TWO_QUANTITIES: Notation(
        '$quantity quad "has the law of" quad $law quad ("distribution functions tested to" plus.minus $tolerance)',
        r"$quantity \quad \text{has the law of} \quad $law "
        r"\quad (\text{distribution functions tested to } {\pm $tolerance})",
        "$quantity has the law of $law (distribution functions tested to ±$tolerance)",
    ),
}
_WHERE = Notation(' quad "where" ', r" \quad \text{where } ", " where ")
_COMMA = Notation(", quad ", r",\quad ", ", ")
_FORALL = Notation("forall ", r"\forall\, ", "∀ ")
_IN = Notation(" in ", r" \in ", " ∈ ")

MathPrinter = TypstPrinter | TheoryLatexPrinter | TextPrinter


def formula(expr: sp.Basic | sp.MatrixBase) -> Formula:
    r"""Typeset an expression, a relation or a set; recursions in it are defined behind it.

    Raises `UnprintableError` for what has no notation, and for two different symbols that look alike in print.

    >>> n = sp.Symbol("n")
    >>> formula(sp.sqrt(n) / 2)
    Formula(typst='frac(sqrt(n), 2)', latex='\\frac{\\sqrt{n}}{2}', text='√n/2')
    """
    return _formula(expr.as_immutable() if isinstance(expr, sp.MatrixBase) else expr)


@lru_cache(maxsize=4096)
def _formula(expr: sp.Basic) -> Formula:
    return _set(lambda printer, _: printer.doprint(expr))


def statement_formula(statement: Statement) -> Formula:
    """Typeset a statement as a sentence of its kind, every slot of it but `domain` and `where`.

    >>> x = sp.Symbol("x")
    >>> statement_formula(Inequality(lhs=sp.sin(x) ** 2, rhs=sp.S.One)).text
    'sin²(x) ≤ 1'
    """
    return _set(lambda printer, pick: _sentence(statement, printer, pick))


@lru_cache(maxsize=256)
def variant_formula(variant: Statement, original: Statement) -> Formula:
    """Typeset a variant of a statement: its sentence, then the domain and the definitions in which they differ.

    >>> x = sp.Symbol("x")
    >>> real = Identity(lhs=sp.Abs(x), rhs=x, domain=((x, sp.Interval(0, 1)),))
    >>> variant_formula(Identity(lhs=sp.Abs(x), rhs=x, domain=((x, sp.S.Reals),)), real).text
    '|x| = x, ∀ x ∈ ℝ'
    """

    def write(printer: MathPrinter, pick: Callable[[Notation], str]) -> str:
        parts = [_sentence(variant, printer, pick)]
        if variant.domain != original.domain:
            parts.append(_quantified(variant, printer, pick))
        parts += [_definition(pair, printer) for pair in variant.where if pair not in original.where]
        return pick(_COMMA).join(parts)

    return _set(write)


def domain_formula(statement: Statement) -> Formula | None:
    """Typeset the domain, "for all symbols in their sets"; None if the statement is quantified over nothing.

    >>> x, y = sp.symbols("x y")
    >>> domain_formula(Identity(lhs=x, rhs=y, domain=((x, sp.S.Reals), (y, sp.S.Reals)))).text
    '∀ x, y ∈ ℝ'
    """
    return _set(lambda printer, pick: _quantified(statement, printer, pick)) if statement.domain else None


def where_formulas(statement: Statement) -> tuple[Formula, ...]:
    """Typeset the definitions that the statement's slots use, each as "name = meaning"."""

    def define(pair: tuple[sp.Expr, sp.Expr]) -> Formula:
        return _set(lambda printer, _: _definition(pair, printer))

    return tuple(map(define, statement.where))


def _sentence(statement: Statement, printer: MathPrinter, pick: Callable[[Notation], str]) -> str:
    slots = {name: slot for name, slot in statement.slots().items() if name not in ("where", "domain")}
    shown = {name: printer.doprint(s) if isinstance(s, sp.Basic) else str(s) for name, s in slots.items()}
    if isinstance(statement, Rate):
        shown["power"] = printer.doprint(statement.along**statement.exponent)
        shown |= {name: printer.inline(slots[name]) for name in ("exponent", "margin")}
    for name in ("margin", "tolerance", "within"):  # each stands behind a sign
        if getattr(slots.get(name), "is_Add", False):
            shown[name] = f"({shown[name]})"
    variants: dict[type[Statement], str] = {Rate: "direction", ProbabilityBound: "need"}
    kind = slots[variants[type(statement)]] if type(statement) in variants else type(statement)
    if isinstance(statement, EqualityInLaw) and statement.argument is None:
        kind = _TWO_QUANTITIES
    sentence = pick(_SENTENCES[kind])
    if slots.get("within", 0) != 0:
        sentence += pick(_UP_TO)
    return Template(sentence).substitute(shown, m=pick(named("m")))


def _quantified(statement: Statement, printer: MathPrinter, pick: Callable[[Notation], str]) -> str:
    parts = []
    for choices, pairs in groupby(statement.domain, key=lambda pair: pair[1]):
        symbols = ", ".join(printer.doprint(symbol) for symbol, _ in pairs)
        parts.append(symbols + pick(_IN) + printer.doprint(choices))
    return pick(_FORALL) + pick(_COMMA).join(parts)


def _definition(pair: tuple[sp.Expr, sp.Expr], printer: MathPrinter) -> str:
    return " = ".join(printer.doprint(side) for side in pair)


def _set(write: Callable[[MathPrinter, Callable[[Notation], str]], str]) -> Formula:
    """Let `write` print in each dialect, and state behind it the recursions that it met."""
    shown = {}
    for dialect, printer in (("typst", TypstPrinter()), ("latex", TheoryLatexPrinter()), ("text", TextPrinter())):

        def pick(notation: Notation, dialect: str = dialect) -> str:
            return str(getattr(notation, dialect))

        line = write(printer, pick)
        if printer.recursions:
            parts = [part for _, definition in printer.recursions.values() for part in definition]
            line += pick(_WHERE) + pick(_COMMA).join(parts)
        shown[dialect] = line
    return Formula(**shown)
