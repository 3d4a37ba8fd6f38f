r"""Prose of the ledger for a terminal: the Typst mathematics between its dollar signs, in Unicode."""

import re
from collections.abc import Callable, Iterator

from verify.typeset.names import GREEK, text_sub, text_sup

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|\\.|[A-Za-z]+(?:\.[a-z]+)*|\d+(?:\.\d+)?|<=|>=|!=|->|:=|\s+|.', re.DOTALL)
_SIGNS = """
    EE:E PP:P RR:ℝ NN:ℕ ZZ:ℤ oo:∞ infinity:∞ ell:ℓ top:⊤ in:∈ times:× dot:· dot.op:· tilde:~ tilde.op:~ asymp:≍
    approx:≈ prop:∝ subset:⊂ union:∪ sect:∩ dagger:† dots:… eq.not:≠ chevron.l:⟨ chevron.r:⟩ plus.minus:±
    minus.plus:∓ lt.eq:≤ gt.eq:≥ arrow.r:→ arrow.r.long:→ arrow.l:← arrow.t:↑ arrow.b:↓ sum:∑ product:∏ integral:∫
    partial:∂ nabla:∇ dif:d times.o:⊗ dot.o:⊙ compose:∘ dots.v:⋮ dots.c:⋯ gt.tilde:≳
"""
_WORDS = {
    **GREEK,
    **{name.capitalize(): letter.upper() for name, letter in GREEK.items()},
    "quad": "  ",
    **dict(sign.split(":") for sign in _SIGNS.split()),
}
_MARKS = {"<=": "≤", ">=": "≥", "!=": "≠", "->": "→", ":=": "≔", "-": "−", "'": "′"}
_TIGHT = frozenset({"partial", "nabla", "plus.minus", "minus.plus", "dif", "chevron.l"})
"""Signs that stand right before what they belong to, without the blank of the source."""
_ACCENTS = dict(
    zip(
        ("dot", "dot.double", "hat", "tilde", "macron", "overline", "arrow"),
        "\u0307\u0308\u0302\u0303\u0304\u0304\u20d7",
        strict=True,
    )
)
_BLACKBOARD = {"R": "ℝ", "N": "ℕ", "Z": "ℤ", "Q": "ℚ", "C": "ℂ"}


def plain(text: str) -> str:
    r"""Prose with its mathematics in Unicode; a text with a dollar sign that has no partner stays as it is.

    >>> plain(r"$bold(x)_1^top bold(x)_2 = rho$, at most $norm(bold(y)) \/ sqrt(m)$ for $m -> oo$.")
    'x₁ᵀ x₂ = ρ, at most ‖y‖ / √m for m → ∞.'
    >>> plain(r"It costs 2\$.")
    'It costs 2$.'
    """
    parts = re.split(r"(?<!\\)\$", text)
    if len(parts) % 2 == 0:
        return text
    return "".join(math(part) if i % 2 else part.replace(r"\$", "$") for i, part in enumerate(parts))


def math(typst: str) -> str:
    r"""One formula of Typst mathematics on a line of Unicode.

    Scripts are Unicode where all of their characters have one, else they follow `_` or `^`; words that are not known,
    such as the names of functions, stay.

    >>> math("abs(lr(chevron.l (partial f(theta, x))/(partial theta), z chevron.r) - Theta^((L))(x, x'))")
    '|⟨(∂f(θ, x))/(∂θ), z⟩ − Θ^(L)(x, x′)|'
    >>> math(r"dot(Sigma)_2 <= 1\/2"), math("sum_(i=1)^m a_i^2"), math('(u, v) tilde.op cal(N)(0, Lambda^((h)))')
    ('Σ̇₂ ≤ 1/2', '∑ᵢ₌₁^m aᵢ²', '(u, v) ~ N(0, Λ^(h))')
    """
    return _Reader(typst).all().strip()


class _Reader:
    """Reads the tokens of a formula from left to right, and writes each as it is read."""

    def __init__(self, typst: str) -> None:
        self._tokens = _TOKEN.findall(typst)
        self._at = 0

    def all(self) -> str:
        """Return the rest up to a closing bracket without a partner, and that, and so on to the end."""
        written = ""
        while self._at < len(self._tokens):
            written += self._until(")")
            if self._at < len(self._tokens):
                written += self._take()
        return written

    def _take(self) -> str:
        self._at += 1
        return str(self._tokens[self._at - 1])

    def _peek(self) -> str:
        return str(self._tokens[self._at]) if self._at < len(self._tokens) else ""

    def _until(self, end: str) -> str:
        return re.sub(r" +(?=⟩)", "", "".join(self._pieces(end)))

    def _pieces(self, end: str) -> Iterator[str]:
        while (word := self._peek()) and word != end:
            if word in "_^":
                self._take()
                yield self._script(word)
            else:
                yield self._one()

    def _one(self) -> str:
        """One token, a bracket with its content, or a call."""
        word = self._take()
        if word.startswith('"'):
            return word[1:-1]
        if word.startswith("\\"):
            return word[1:]
        if word == "(":
            # A half-open interval has no partner for it.
            inside = self._until(")")
            return f"({inside}{self._take() if self._peek() else ''}"
        if word.isspace():
            return " "
        if self._peek() == "(" and word in _CALLS:
            self._take()
            return _CALLS[word](self._inside())
        if word in _TIGHT and self._peek().isspace():
            self._take()
        return _WORDS.get(word, _MARKS.get(word, word))

    def _inside(self) -> str:
        """What stands up to the partner of the bracket just read, which is left out."""
        inside = self._until(")")
        if self._peek():
            self._take()
        return inside

    def _script(self, mark: str) -> str:
        if self._peek() != "(":
            return _attached(mark, self._one()) if self._peek() else ""
        self._take()
        script = self._inside()
        # Brackets that the source shows in the script, as in Sigma^((h)), tell it from a power: they stay.
        return f"{mark}{script}" if _enclosed(script) else _attached(mark, script)


def _attached(mark: str, script: str) -> str:
    """A script after what it belongs to: in Unicode if it is one symbol or number, two indices, or a sum of two."""
    script = re.sub(r"^([^\W_]+) ?([-+−=]) ?([^\W_]+)$", r"\1 \2 \3", script)
    if len(script) > 1 and script.isalpha():
        return f"{mark}{script}"
    if mark == "_":
        close = text_sub(re.sub(r"^(\w) (\w)$", r"\1\2", script))
        return close if not close.startswith("_") else text_sub(script)
    return text_sup(script)


def _enclosed(text: str) -> bool:
    """Whether one pair of brackets encloses all of a text."""
    depth = 0
    for number, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if depth == 0:
            return character == ")" and number == len(text) - 1
    return False


def _root(inside: str) -> str:
    return f"√{inside}" if re.fullmatch(r"\w+", inside) else f"√({inside})"


def _accented(mark: str) -> Callable[[str], str]:
    return lambda inside: f"{inside}{mark}" if len(inside) == 1 else f"({inside}){mark}"


def _as_it_is(inside: str) -> str:
    return inside


_CALLS: dict[str, Callable[[str], str]] = {
    **dict.fromkeys(("lr", "upright", "bold", "italic", "cal", "op"), _as_it_is),
    "bb": lambda inside: _BLACKBOARD.get(inside, inside),
    "abs": lambda inside: f"|{inside}|",
    "norm": lambda inside: f"‖{inside}‖",
    "floor": lambda inside: f"⌊{inside}⌋",
    "ceil": lambda inside: f"⌈{inside}⌉",
    "sqrt": _root,
    **{name: _accented(mark) for name, mark in _ACCENTS.items()},
}
