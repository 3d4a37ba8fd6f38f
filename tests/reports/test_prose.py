"""Facts about prose: what is text stays text, what is mathematics is set."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import prose


def test_text_and_mathematics_take_turns() -> None:
    found = prose.spans("Φ is bounded, $norm(x) = 1$.")
    assert [(span.text, span.math) for span in found] == [
        ("Φ is bounded, ", False),
        ("norm(x) = 1", True),
        (".", False),
    ]


def test_an_escaped_dollar_is_a_dollar() -> None:
    assert prose.spans(r"3\$") == (prose.Span("3$", math=False),)


@pytest.mark.parametrize("text", ["one $ alone", "$a$ and $b", "nothing $ $ between"])
def test_a_dollar_without_a_partner_is_an_error_that_quotes_the_text(text: str) -> None:
    with pytest.raises(ValueError, match="dollar"):
        prose.spans(text)


@given(st.text(alphabet="ab <&*_#$\\'\"\n"))
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    plain = text.replace("\\", "")
    assert "".join(span.text for span in prose.spans(plain.replace("$", r"\$"))) == plain


@pytest.mark.parametrize(
    ("math", "phrases"),
    [
        ("x = y", ("x = y",)),
        ('a quad "where" b, quad c', ("a", '"where" b,', "c")),
        ("f(a quad b) quad c", ("f(a quad b)", "c")),
        ('"one quad two" quad c', ('"one quad two"', "c")),
        ("quads quad.x", ("quads quad.x",)),
    ],
)
def test_a_displayed_formula_breaks_at_its_outermost_quads(math: str, phrases: tuple[str, ...]) -> None:
    assert prose.phrases(math) == phrases
