"""Statements in print: a sentence for each kind, set from the very slots that are tested."""

from collections.abc import Callable, Iterable

import sympy as sp

from verify.evidence import Formula
from verify.quantities import Notation
from verify.statement import (
    Direction,
    EqualityInLaw,
    Identity,
    Inequality,
    Limit,
    Ordering,
    ProbabilityBound,
    Rate,
    Statement,
    Trend,
)
from verify.typeset.latex import TheoryLatexPrinter
from verify.typeset.names import named
from verify.typeset.text import TextPrinter
from verify.typeset.typst import TypstPrinter

_MEDIAN = Notation('op("med")({quantity})', r"\operatorname{{med}}\left({quantity}\right)", "med({quantity})")
_SENTENCES: dict[object, Notation] = {
    Identity: Notation("{lhs} = {rhs}", "{lhs} = {rhs}", "{lhs} = {rhs}"),
    Inequality: Notation("{lhs} <= {rhs}", r"{lhs} \le {rhs}", "{lhs} ≤ {rhs}"),
    ProbabilityBound: Notation(
        'bb(P)({deviation} > {bound}) <= {level} quad "whenever" {m} >= {width}',
        r"\mathbb{{P}}\left({deviation} > {bound}\right) \le {level} \quad\text{{whenever }} {m} \ge {width}",
        "P({deviation} > {bound}) ≤ {level} whenever {m} ≥ {width}",
    ),
    Direction.AT_MOST: Notation(
        f'{_MEDIAN.typst} = cal(O)({{power}}) quad ("fitted exponent" <= {{exponent}} + {{margin}})',
        rf"{_MEDIAN.latex} = \mathcal{{{{O}}}}\left({{power}}\right) \quad "
        r"(\text{{fitted exponent}} \le {exponent} + {margin})",
        f"{_MEDIAN.text} = O({{power}}) (fitted exponent ≤ {{exponent}} + {{margin}})",
    ),
    Direction.EXACTLY: Notation(
        f'{_MEDIAN.typst} prop {{power}} quad ("fitted exponent" = {{exponent}} plus.minus {{margin}})',
        rf"{_MEDIAN.latex} \propto {{power}} \quad (\text{{{{fitted exponent}}}} = {{exponent}} \pm {{margin}})",
        f"{_MEDIAN.text} ∝ {{power}} (fitted exponent = {{exponent}} ± {{margin}})",
    ),
    Limit: Notation(
        'attach(-->, t: bb(P))'.join(("{quantity} ", ' {value} quad ({along} -> infinity; "tested to" plus.minus {tolerance})')),
        r"{quantity} \xrightarrow{{\mathbb{{P}}}} {value} \quad ({along} \to \infty;\ \text{{tested to }} \pm {tolerance})",
        "{quantity} →(P) {value} ({along} → ∞; tested to ±{tolerance})",
    ),
    Ordering: Notation(
        f'{_MEDIAN.typst} "is strictly {{trend}} in" {{along}}',
        rf"{_MEDIAN.latex} \text{{{{ is strictly {{trend}} in }}}} {{along}}",
        f"{_MEDIAN.text} is strictly {{trend}} in {{along}}",
    ),
    EqualityInLaw: Notation(
        'bb(P)({quantity} <= {argument}) = {law} quad ("tested to" plus.minus {tolerance} "uniformly in" {argument})',
        r"\mathbb{{P}}\left({quantity} \le {argument}\right) = {law} \quad "
        r"(\text{{tested to }} \pm {tolerance} \text{{ uniformly in }} {argument})",
        "P({quantity} ≤ {argument}) = {law} (tested to ±{tolerance} uniformly in {argument})",
    ),
}
_WHERE = Notation(' quad "where" ', r" \quad\text{where }", " where ")
_COMMA = Notation(", quad ", r",\quad ", ", ")
_DEFINED = Notation(" = ", " = ", " = ")
_DOMAIN = Notation("forall {}", r"\forall\, {}", "∀ {}")
_IN = Notation(" in ", r" \in ", " ∈ ")

Printer = TypstPrinter | TheoryLatexPrinter | TextPrinter


def _formula(write: Callable[[Printer, str], str]) -> Formula:
    """Let `write` print in each dialect, and state the recursions it met behind."""
    shown = {}
    for dialect, printer in (("typst", TypstPrinter()), ("latex", TheoryLatexPrinter()), ("text", TextPrinter())):
        line = write(printer, dialect)
        if printer.recursions:
            parts = [part for _, definition in printer.recursions.values() for part in definition]
            line += getattr(_WHERE, dialect) + getattr(_COMMA, dialect).join(parts)
        shown[dialect] = line
    return Formula(**shown)


def formula(expr: sp.Basic) -> Formula:
    """Typeset an expression, a relation or a set; recursions in it are defined behind it.

    >>> n = sp.Symbol("n")
    >>> formula(sp.sqrt(n) / 2)
    Formula(typst='frac(sqrt(n), 2)', latex='\\\\frac{\\\\sqrt{n}}{2}', text='√n/2')
    """
    return _formula(lambda printer, _: printer.doprint(expr))


def statement_formula(statement: Statement) -> Formula:
    """Typeset a statement as a sentence of its kind, every slot of it; see also `domain_formula`, `where_formulas`.

    >>> x = sp.Symbol("x")
    >>> statement_formula(Inequality(lhs=sp.sin(x) ** 2, rhs=sp.S.One)).text
    'sin²(x) ≤ 1'
    """
    kind: object = statement.direction if isinstance(statement, Rate) else type(statement)
    slots = {name: slot for name, slot in statement.slots().items() if name not in ("where", "domain")}

    def write(printer: Printer, dialect: str) -> str:
        shown = {name: str(slot) if isinstance(slot, Trend | Direction) else printer.doprint(slot)
                 for name, slot in slots.items()}
        if isinstance(statement, Rate):
            shown["power"] = printer.doprint(sp.Pow(statement.along, statement.exponent, evaluate=False))
            shown["exponent"], shown["margin"] = _inline(printer, statement.exponent), _inline(printer, statement.margin)
        return str(getattr(_SENTENCES[kind], dialect)).format(**shown, m=getattr(named("m"), dialect))

    return _formula(write)
