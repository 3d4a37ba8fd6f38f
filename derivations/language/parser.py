"""The parser: precedence climbing over tokens, with a bound on everything that could grow."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

import sympy as sp

from derivations.language.functions import ALIASES, CONSTANTS, FUNCTIONS, ArgumentError, Function, exact, lookup, x
from derivations.language.tokens import ExpressionError, Token, tokens
from numerics.balls import enclose

_DEEPEST = 40
_MOST_TERMS = 64
"""Terms, were everything multiplied out and split at its kinks."""
_HIGHEST_DEGREE = 64
_MOST_BITS = 512
"""The size of a rational number."""
_LARGEST_EXPONENT = 30
"""Of ten, in a decimal."""
_HIGHEST_POWER = 32
_SUMS = {"+": 1, "-": 1}
_PRODUCTS = {"*": 2, "/": 2}
_SAMPLES = [sp.Rational(n, 8) for n in (-8, 0, 8, -50, -23, -3, 3, 23, 50)]
"""Where an activation has to have a real value."""


@dataclass(frozen=True)
class _Part:
    """What was read: its value, where, how many terms and kinks it has, and its degree."""

    value: sp.Expr
    place: int
    terms: int = 1
    kinks: int = 0
    degree: int = 0

    @property
    def constant(self) -> bool:
        return not self.value.free_symbols


def parse(text: str) -> sp.Expr:
    """Read an activation, a function of the real symbol `x`.

    Raises ExpressionError for what is no formula, mentions another variable, has no real value somewhere, or is too
    large; its text points to the place and says what would be right.

    >>> parse("max(x, 0) + 0.1*min(x, 0)")
    -relu(-x)/10 + relu(x)
    >>> parse("2x")
    Traceback (most recent call last):
    ...
    derivations.language.tokens.ExpressionError: multiplication is always written: 2*x
      2x
       ^
    """
    reader = _Reader(text)
    part = reader.everything()
    for sample in _SAMPLES:
        if not _real_at(part.value, sample):
            problem = f"the function has no real value at x = {float(sample):g}"
            raise ExpressionError(problem, text, _culprit(reader, sample, part.place))
    return part.value


def _real_at(value: sp.Expr, sample: sp.Rational) -> bool:
    try:
        return bool(enclose(value, {x: sample}, digits=10, max_digits=40).is_finite())
    except (TypeError, ValueError, ArithmeticError):
        return False


def _culprit(reader: _Reader, sample: sp.Rational, place: int) -> int:
    """The place of the first function or quotient that has no value there."""
    return next((part.place for part in reader.risky if not _real_at(part.value, sample)), place)


class _Reader:
    """Reads one text, token by token."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = tokens(text)
        self._next = 0
        self._depth = 0
        self.risky: list[_Part] = []
        """Parts that may have no value somewhere."""

    def everything(self) -> _Part:
        """The whole text as one sum."""
        if self._now.kind == "end":
            raise self._wrong("there is no formula: write one in x, such as max(x, 0)")
        part = self._operations(0)
        if self._now.kind != "end":
            raise self._unexpected()
        return part

    @property
    def _now(self) -> Token:
        return self._tokens[self._next]

    def _take(self) -> Token:
        token = self._now
        self._next += 1
        return token

    def _wrong(self, problem: str, place: int | None = None) -> ExpressionError:
        return ExpressionError(problem, self._text, self._now.place if place is None else place)

    def _unexpected(self) -> ExpressionError:
        token = self._now
        if token.kind in ("name", "number") or token.text == "(":
            before = self._tokens[self._next - 1]
            return self._wrong(f"multiplication is always written: {before.text}*{token.text}")
        if token.kind == "end":
            return self._wrong("the formula ends too early: a number, x, a function or '(' is missing")
        hint = " closes a bracket that was never opened" if token.text == ")" else " is not expected here"
        return self._wrong(f"'{token.text}'{hint}")

    def _operations(self, least: int) -> _Part:
        """Operands joined by operators that bind at least as tightly as `least`."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self._wrong(f"the formula is nested more than {_DEEPEST} deep")
        left = self._signed()
        while (mark := self._now.text) in _SUMS | _PRODUCTS and self._now.kind == "mark":
            binding = (_SUMS | _PRODUCTS)[mark]
            if binding <= least:
                break
            place = self._take().place
            left = self._joined(mark, left, self._operations(binding), place)
        self._depth -= 1
        return left

    def _signed(self) -> _Part:
        negative, place = False, self._now.place
        while self._now.kind == "mark" and self._now.text in _SUMS:
            negative ^= self._take().text == "-"
        part = self._power()
        return _Part(-part.value, place, part.terms, part.kinks, part.degree) if negative else part

    def _power(self) -> _Part:
        base = self._atom()
        if self._now.kind != "mark" or self._now.text not in ("^", "**"):
            return base
        place = self._take().place
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self._wrong(f"the formula is nested more than {_DEEPEST} deep")
        exponent = self._signed()
        self._depth -= 1
        return self._raised(base, exponent, place)

    def _atom(self) -> _Part:
        token = self._now
        if token.kind == "number":
            return self._number(self._take())
        if token.kind == "name":
            return self._named(self._take())
        if token.text != "(":
            raise self._unexpected()
        self._take()
        part = self._operations(0)
        self._close(token)
        return part

    def _close(self, opened: Token) -> None:
        if self._now.text == ")" and self._now.kind == "mark":
            self._take()
        elif self._now.kind == "end":
            raise self._wrong("this '(' is never closed", opened.place)
        elif self._now.text == ",":
            raise self._wrong("a comma only separates the arguments of a function")
        else:
            raise self._unexpected()

    def _number(self, token: Token) -> _Part:
        mantissa, _, exponent = token.text.lower().partition("e")
        if exponent and abs(int(exponent)) > _LARGEST_EXPONENT:
            raise self._wrong(f"an exponent of ten is at most {_LARGEST_EXPONENT}", token.place)
        if self._now.kind == "name" and self._now.place == token.end and self._now.text in ("e", "E"):
            raise self._wrong(f"multiplication is always written: {mantissa}*e; a power of ten is 1e-3", token.end)
        return _Part(exact(token.text), token.place)

    def _named(self, token: Token) -> _Part:
        function = lookup(token.text)
        if function is not None:
            return self._applied(token, function)
        if token.text in ("x", "X"):
            part = _Part(x, token.place, degree=1)
        elif token.text in CONSTANTS:
            part = _Part(CONSTANTS[token.text], token.place)
        else:
            raise self._unknown(token)
        if self._now.text == "(":
            raise self._wrong(f"{token.text} is no function; multiplication is always written: {token.text}*(")
        return part

    def _unknown(self, token: Token) -> ExpressionError:
        known = [*FUNCTIONS, *ALIASES, *CONSTANTS]
        close = difflib.get_close_matches(token.text, known, n=1) or difflib.get_close_matches(
            token.text.lower(), known, n=1, cutoff=0.5
        )
        hint = f"; did you mean {close[0]!r}?" if close else ""
        if self._now.text == "(":
            return self._wrong(f"there is no function {token.text!r}{hint}", token.place)
        only = "the only variable is x, and parameters need values"
        return self._wrong(f"{token.text!r} is not known: {only}{hint if len(token.text) > 1 else ''}", token.place)

    def _applied(self, token: Token, function: Function) -> _Part:
        opened = self._now
        if opened.text != "(":
            raise self._wrong(f"{token.text} is a function: write {function.signature}", token.place)
        self._take()
        arguments = [] if self._now.text == ")" else [self._operations(0)]
        while self._now.text == ",":
            self._take()
            arguments.append(self._operations(0))
        self._close(opened)
        if not function.least <= len(arguments) <= function.most:
            wanted = f"{function.least}" if function.least == function.most else f"{function.least} to {function.most}"
            given = f"{len(arguments)} {'was' if len(arguments) == 1 else 'were'} given"
            plural = "argument" if wanted == "1" else "arguments"
            raise self._wrong(f"{function.signature} takes {wanted} {plural}, and {given}", token.place)
        kinks = sum(part.kinks for part in arguments)
        degree = max((part.degree for part in arguments), default=0)
        if function is FUNCTIONS["hermite"]:
            if arguments[1].value != x:
                raise self._wrong("the second argument of hermite is x itself", arguments[1].place)
            degree = 16
        kinks += function.kinks * max(1, len(arguments) - 1)
        # A function of something with kinks is split at every combination of them.
        terms = sum(part.terms for part in arguments) if function.kinks else 2 ** min(kinks, 12)
        try:
            value = function.make(*(part.value for part in arguments))
        except ArgumentError as error:
            raise self._wrong(str(error), token.place) from None
        part = self._checked(_Part(value, token.place, terms, kinks, degree))
        self.risky.append(part)
        return part

    def _joined(self, mark: str, left: _Part, right: _Part, place: int) -> _Part:
        kinks = left.kinks + right.kinks
        if mark in _SUMS:
            value = left.value + right.value if mark == "+" else left.value - right.value
            terms = left.terms + right.terms
            if value.is_polynomial(x):
                terms = 1
            return self._checked(_Part(value, place, terms, kinks, max(left.degree, right.degree)))
        if mark == "/":
            if right.value.is_zero or right.value == 0:
                raise self._wrong("this divides by zero", place)
            right = self._inverse(right, place)
        part = self._checked(
            _Part(left.value * right.value, place, left.terms * right.terms, kinks, left.degree + right.degree)
        )
        if mark == "/":
            self.risky.append(part)
        return part

    def _inverse(self, part: _Part, place: int) -> _Part:
        terms = 1 if part.constant else 2 ** min(part.kinks, 12)
        return self._checked(_Part(1 / part.value, place, terms, part.kinks, 0 if part.constant else 1))

    def _raised(self, base: _Part, exponent: _Part, place: int) -> _Part:
        if not exponent.constant:
            if not base.constant:
                raise self._wrong("x to the power of x has no real value for x < 0; write exp(b*log(a))", place)
            if not base.value.is_positive:
                raise self._wrong("only a positive number has powers with x in the exponent", place)
            value = sp.exp(exponent.value * sp.log(base.value))
            return self._checked(_Part(value, place, 2 ** min(exponent.kinks, 12), exponent.kinks, exponent.degree))
        n = exponent.value
        part = self._of_number(base, n, place) if base.constant else self._of_function(base, n, place)
        self.risky.append(part)
        return part

    def _of_number(self, base: _Part, n: sp.Expr, place: int) -> _Part:
        a = base.value
        if a.is_zero and not n.is_positive:
            raise self._wrong("zero has only positive powers", place)
        if not n.is_Integer and not a.is_nonnegative:
            raise self._wrong("a negative number has only whole powers", place)
        if n.is_Rational and not abs(n.p) * _bits(a) <= _MOST_BITS:
            raise self._wrong(f"the power is too large: numbers have at most {_MOST_BITS} bits", place)
        if n.is_Rational and not n.is_Integer and (n.q > 16 or _bits(a) > 64):
            raise self._wrong("a root of a number is at most the 16th, of a number of at most 64 bits", place)
        return self._checked(_Part(a**n, place))

    def _of_function(self, base: _Part, n: sp.Expr, place: int) -> _Part:
        if not n.is_Rational or abs(n) > _HIGHEST_POWER or n.q > 16:
            raise self._wrong(f"a power of x is a whole number or a fraction, at most {_HIGHEST_POWER}", place)
        if n.is_Integer and n > 0:
            degree = base.degree * int(n)
            if degree > _HIGHEST_DEGREE:
                raise self._wrong(f"the degree is at most {_HIGHEST_DEGREE}", place)
            if base.value.is_polynomial(x):
                return self._checked(_Part(sp.expand(base.value**n), place, 1, 0, degree))
            terms = min(base.terms, 1000) ** int(n)
            return self._checked(_Part(base.value**n, place, terms, base.kinks, degree))
        terms = 2 ** min(base.kinks, 12)
        degree = base.degree * max(1, abs(int(n)))
        return self._checked(_Part(base.value**n, place, terms, base.kinks, degree))

    def _checked(self, part: _Part) -> _Part:
        if part.terms > _MOST_TERMS:
            raise self._wrong(f"the formula is too large: multiplied out, more than {_MOST_TERMS} terms", part.place)
        if part.degree > _HIGHEST_DEGREE:
            raise self._wrong(f"the degree is at most {_HIGHEST_DEGREE}", part.place)
        if any(_bits(number) > _MOST_BITS for number in part.value.atoms(sp.Rational)):
            raise self._wrong(f"a number is too large: numbers have at most {_MOST_BITS} bits", part.place)
        if part.value.has(sp.zoo, sp.nan, sp.oo, sp.I):
            raise self._wrong("this has no real value", part.place)
        return part


def _bits(number: sp.Expr) -> int:
    """The size of a rational number; that of an irrational one counts little."""
    return max(int(number.p).bit_length(), int(number.q).bit_length()) if number.is_Rational else 8
