r"""Prose with mathematics in it: texts carry Typst math between dollar signs, `\$` is a dollar."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Span:
    """A stretch of plain text, or of Typst mathematics."""

    text: str
    math: bool


def spans(text: str) -> tuple[Span, ...]:
    r"""Split prose into text and mathematics.

    >>> spans(r"At $rho = 1$ it costs 2\$.")
    (Span(text='At ', math=False), Span(text='rho = 1', math=True), Span(text=' it costs 2$.', math=False))

    Raises ValueError if a dollar sign has no partner, or if there is nothing between two.
    """
    parts = re.split(r"(?<!\\)\$", text)
    if len(parts) % 2 == 0:
        raise ValueError(f"a dollar sign without a partner in {text!r}; write \\$ for a dollar")
    if any(not part.strip() for part in parts[1::2]):
        raise ValueError(f"nothing between two dollar signs in {text!r}")
    found = (Span(part.strip() if i % 2 else part.replace("\\$", "$"), bool(i % 2)) for i, part in enumerate(parts))
    return tuple(span for span in found if span.text)


def phrases(math: str) -> tuple[str, ...]:
    """Split a displayed formula where its `quad` spaces separate it, so that a line may break there.

    >>> phrases('x = y quad "whenever" f(x quad y)')
    ('x = y', '"whenever" f(x quad y)')
    """
    depth, start, found = 0, 0, []
    for match in re.finditer(r'"(?:[^"\\]|\\.)*"|[([{]|[)\]}]|(?<![\w.])quad(?![\w.])', math):
        mark = match[0]
        depth += (mark in "([{") - (mark in ")]}")
        if mark == "quad" and depth == 0:
            found.append(math[start : match.start()].strip())
            start = match.end()
    return tuple(part for part in (*found, math[start:].strip()) if part)


def glued(text: str) -> str:
    r"""Keep each assignment of a list of parameters on one line: spaces within it become no-break spaces.

    >>> glued("d = 1, W_(1, 2) = 3")
    'd\xa0=\xa01, W_(1,\xa02)\xa0=\xa03'
    """
    together = re.sub(r"[(\[][^()\[\]]*[)\]]", lambda match: match[0].replace(" ", "\u00a0"), text)
    return re.sub(r" ([=±]) ", "\u00a0\\1\u00a0", together)


def plain(text: str) -> str:
    """Prose as plain text, for places that cannot set mathematics: the dollar signs go, the Typst stays.

    >>> plain("the limit is $1/3$")
    'the limit is 1/3'
    """
    return "".join(span.text for span in spans(text))
