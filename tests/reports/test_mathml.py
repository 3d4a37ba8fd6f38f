"""Facts about MathML: one run of Typst sets everything, nothing is dropped, browsers can show it."""

import re
import xml.etree.ElementTree as ET

import pytest

from reports import mathml


def markup(typst: str, *, display: bool = False) -> str:
    return mathml.markup([mathml.Formula(typst, display, "words")]).formulas[0]


HARD = [
    "frac(rho (pi - arccos(rho)) + sqrt(1 - rho^2), 2 pi)",
    'bb(E)_((u, v) tilde.op cal(N)(0, inline(mat(1, rho; rho, 1)))) [op("ReLU")(u)]',
    "sum_(i = 1)^n product_(k = 0)^(n - 1) (1 - eta w_k)",
    'cases(x & "if" x > 0, 0 & "otherwise")',
    "integral_0^infinity f(x) dif x",
    "frac(partial ^2, partial x partial y) f(x, y)",
    "abs(f(x) - y) + norm(bold(w)_r) + floor(x) + ceil(x)",
    "hat(Theta)_m attach(arrow.r.long, t: bb(P)) Theta_L",
    "binom(n, k) + root(3, x) + lim_(x -> 0^+) f",
    "macron(lambda)_0 + tilde(f) + dot(Sigma) + dot.double(x) + arrow(v)",
    "forall rho in [-1, 1], quad L in {1, 2, dots, 9}",
    "overline(lambda) + overline(x y z)",
]


def test_every_formula_of_a_page_comes_back_in_order() -> None:
    formulas = [mathml.Formula(text, display, "") for text in HARD for display in (False, True)]
    found = mathml.markup(formulas)
    assert len(found.formulas) == len(formulas)
    assert all(part.startswith("<math") and part.endswith("</math>") for part in found.formulas)
    assert "mtable" in found.style


@pytest.mark.parametrize("typst", HARD)
def test_what_is_set_is_well_formed_and_carries_no_inline_style(typst: str) -> None:
    for display in (False, True):
        shown = markup(typst, display=display)
        assert ET.fromstring(f"<div>{shown.replace('<wbr>', '')}</div>") is not None  # noqa: S314
        assert "style=" not in re.sub("displaystyle=", "", shown)


def test_brackets_around_something_low_do_not_stretch() -> None:
    assert markup("f(x)").count('stretchy="false"') == 2
    assert "stretchy" not in markup("(frac(a, b))")


def test_accents_are_characters_that_sit_above_their_letter() -> None:
    assert "ˆ" in markup("hat(f)")
    assert "¯" in markup("overline(lambda)")
    assert "\u0302" not in markup("hat(f)")


def test_a_long_displayed_formula_may_break_before_its_relations() -> None:
    wide = "f(x) = " + " + ".join(f"a_{k} x^{k}" for k in range(19)) + " <= C"
    assert markup(wide, display=True).count("<wbr>") > 9
    assert "<wbr>" not in markup(wide)
    assert "<wbr>" not in markup("x = y", display=True)


def test_every_formula_that_cannot_be_set_is_named() -> None:
    formulas = [mathml.Formula(text, False, "") for text in ("x", "unknown(x)", "y", "frac(z")]
    with pytest.raises(mathml.FormulaError) as error:
        mathml.markup(formulas)
    assert "'unknown(x)'" in str(error.value)
    assert "'frac(z'" in str(error.value)


@pytest.mark.parametrize("typst", ["cancel(x)", "#import", "bar(lambda)"])
def test_what_would_be_dropped_or_misread_is_an_error(typst: str) -> None:
    with pytest.raises(mathml.FormulaError):
        markup(typst)
