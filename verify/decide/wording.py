"""How numbers, parameter points and expressions are put into words and figure labels: plain Unicode text."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence

import sympy as sp

from verify.decide.evaluate import Value
from verify.typeset.names import text_sup
from verify.typeset.text import TextPrinter

MOST_WIDTHS = 8
"""So many widths are named one by one."""

_NUMBER = re.compile(r"-?[0-9.]+(e[-+]?[0-9]+|/[0-9]+)?", re.IGNORECASE)


def symbol(name: str) -> str:
    """Return a parameter's or quantity's name as it is printed.

    >>> symbol("rho"), symbol("m")
    ('ρ', 'm')
    """
    return plain(sp.Symbol(name))


def plain(expr: sp.Expr) -> str:
    """Return an expression as one line of Unicode.

    >>> rho = sp.Symbol("rho")
    >>> plain(sp.Abs(rho - sp.Rational(1, 2)))
    '|ρ − 1/2|'
    """
    return str(TextPrinter().doprint(expr))


def short(value: float, digits: int = 3) -> str:
    """Return a number in a few digits.

    >>> short(0.123456), short(4096.0), short(16384), short(-2.5e-7)
    ('0.123', '4096', '16384', '−2.5·10⁻⁷')
    """
    text = str(int(value)) if float(value).is_integer() and abs(value) < 1e9 else f"{value:.{digits}g}"
    return typographic(text)


def typographic(number: str) -> str:
    """Return a formatted number with a minus for the hyphen and a power of ten for the exponent.

    >>> typographic("-1.5e-19"), typographic("1e-40"), typographic("-1/4"), typographic("0E-50"), typographic("-inf")
    ('−1.5·10⁻¹⁹', '10⁻⁴⁰', '−1/4', '0', '−∞')
    """
    digits, _, exponent = number.lower().replace("infinity", "inf").partition("e")
    digits = digits.replace("-", "−").replace("inf", "∞")
    if not exponent:
        return digits
    if not digits.strip("−0."):
        return "0"
    power = f"10{text_sup(str(int(exponent)))}"
    return f"{digits[:-1]}{power}" if digits in ("1", "−1") else f"{digits}·{power}"


def literal(value: str) -> str:
    """Return a value given as text: a number as it is printed, any other text as it is.

    >>> literal("-1/4"), literal("log-normal"), literal("211 and larger")
    ('−1/4', 'log-normal', '211 and larger')
    """
    return typographic(value) if _NUMBER.fullmatch(value) else value


def span(low: float, high: float) -> str:
    """Return an interval with digits enough to tell its ends apart.

    >>> span(-0.503, -0.497), span(3.0001, 3.0002)
    ('[−0.503, −0.497]', '[3.0001, 3.0002]')
    """
    size, width = max(abs(low), abs(high)), high - low
    digits = min(12, max(3, 1 + math.ceil(math.log10(size / width)))) if 0 < width < size else 3
    return f"[{short(low, digits)}, {short(high, digits)}]"


def setting(parameters: Mapping[str, Value]) -> str:
    """Return a parameter point in words.

    >>> setting({"L": 2, "rho": 0.5})
    'L = 2, ρ = 0.5'
    """
    return ", ".join(f"{symbol(name)} = {_value(value)}" for name, value in parameters.items())


def _value(value: Value) -> str:
    if isinstance(value, str):
        return literal(value)
    return plain(value) if isinstance(value, sp.Expr) else short(value)


def listed(items: Sequence[str], most: int = 3) -> str:
    """Join items, counting those beyond the first few.

    >>> listed(["a", "b"]), listed(["a", "b", "c", "d", "e"])
    ('a; b', 'a; b; c; and 2 more')
    """
    shown = list(items[:most])
    return "; ".join([*shown, f"and {len(items) - most} more"] if len(items) > most else shown)


def widths(values: Iterable[float]) -> str:
    """Say which widths something was found at; many are counted.

    >>> widths([64, 16, 64]), widths([8]), widths(range(1, 12))
    ('the widths 16 and 64', 'the width 8', '11 widths from 1 to 11')
    """
    *others, last = found = sorted(set(values))
    if not others:
        return f"the width {short(last)}"
    if len(found) > MOST_WIDTHS:
        return f"{len(found)} widths from {short(found[0])} to {short(last)}"
    return f"the widths {', '.join(map(short, others))} and {short(last)}"


def more_draws(half_width: float, distance: float) -> str:
    """Say how much more would decide: half-widths shrink like one over the square root of the number of draws.

    `distance` is from the estimate to the nearest edge of the claimed region.

    >>> more_draws(0.3, 0.1)
    'about 9 times the draws would decide it if the estimate stays where it is'
    """
    if distance <= 0:
        return "the estimate lies on the edge of the claimed region, where no number of draws decides"
    factor = (half_width / distance) ** 2
    if factor > 1e6:
        return "the estimate lies so near the edge of the claimed region that over a million times the draws are needed"
    return f"about {short(max(factor, 1.1), 2)} times the draws would decide it if the estimate stays where it is"
