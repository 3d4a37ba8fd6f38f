"""Text cut into numbers, names and marks, each with its place, and the error that points to a place."""

import re
from dataclasses import dataclass

LONGEST_TEXT = 2000
"""Characters."""
_LONGEST_NUMBER = 60
_SHOWN = 72
"""How much of a long text an error shows around its place."""
_TOKEN = re.compile(
    r"(?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<name>[A-Za-z_ΦφπΠ][A-Za-z0-9_]*)"
    r"|(?P<mark>\*\*|[-+*/^(),])"
)
_SAME = str.maketrans({"−": "-", "·": "*", "×": "*", "\n": " ", "\t": " ", "\r": " "})
_WHY_NOT = {
    "[": "brackets are round here: ( )",
    "]": "brackets are round here: ( )",
    "{": "brackets are round here: ( )",
    "}": "brackets are round here: ( )",
    "|": "an absolute value is written abs(x)",
    "<": "there are no comparisons: a jump is written step(x), which is 1 where x >= 0, else 0",
    ">": "there are no comparisons: a jump is written step(x), which is 1 where x >= 0, else 0",
    "=": "write the right side alone, without 'f(x) ='",
    "²": "a power is written x^2",
    "³": "a power is written x^3",
    "√": "a root is written sqrt(x)",
    ";": "arguments are separated by commas",
    "!": "factorials are not known",
    "%": "write a fraction: 5% is 0.05",
    "'": "quotation marks have no meaning here",
    '"': "quotation marks have no meaning here",
}


class ExpressionError(ValueError):
    """A text that is no activation: what is wrong, and where.

    Its text has three lines: the problem, the formula, and a caret under the place.
    """

    def __init__(self, problem: str, text: str, place: int) -> None:
        self.problem, self.text, self.place = problem, text, place
        super().__init__(f"{problem}\n{self.pointer}" if text.strip() else problem)

    @property
    def pointer(self) -> str:
        """The formula, or what of it is around the place, and below it the caret."""
        line = "".join(c if c.isprintable() else " " for c in self.text)
        start = max(0, min(self.place - _SHOWN // 2, len(line) - _SHOWN))
        before, after = "…" * (start > 0), "…" * (start + _SHOWN < len(line))
        return f"  {before}{line[start : start + _SHOWN]}{after}\n  {' ' * (len(before) + self.place - start)}^"


@dataclass(frozen=True)
class Token:
    """A number, a name, a mark, or the end."""

    kind: str
    text: str
    place: int

    @property
    def end(self) -> int:
        """Where the next one may begin."""
        return self.place + len(self.text)


def tokens(text: str) -> list[Token]:
    """Cut a text into its tokens, the last of them of kind "end". Raises ExpressionError."""
    if len(text) > LONGEST_TEXT:
        raise ExpressionError(f"the formula is longer than {LONGEST_TEXT} characters", text, LONGEST_TEXT)
    plain = text.translate(_SAME)
    found, place = [], 0
    while place < len(plain):
        if plain[place] == " ":
            place += 1
            continue
        match = _TOKEN.match(plain, place)
        if match is None:
            sign = text[place]
            why = _WHY_NOT.get(sign, "it has no meaning here")
            raise ExpressionError(f"unexpected {sign!r}: {why}" if sign.isprintable() else why, text, place)
        token = Token(str(match.lastgroup), match[0], place)
        if token.kind == "number" and len(token.text) > _LONGEST_NUMBER:
            raise ExpressionError(f"a number has at most {_LONGEST_NUMBER} characters", text, place)
        found.append(token)
        place = token.end
    return [*found, Token("end", "", len(text.rstrip()))]
