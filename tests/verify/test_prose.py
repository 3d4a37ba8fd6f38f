"""Facts about prose for a terminal: the mathematics of the ledger reads without Typst."""

import re
from collections.abc import Iterator

import pytest

from verify import ledger
from verify.claim import Claim, Derivation
from verify.typeset.prose import math, plain

LEFTOVER = re.compile(
    r"\$|\\|chevron|\b(lr|upright|bold|cal|bb|op|abs|norm|sqrt|dot|macron|overline|hat)\(|[a-z]\.[a-z]|<=|>=|!=|->"
    r"|\b(oo|infinity|partial|sum|product|integral|top|times|quad|tilde|nabla|dif|ell|plus|sigma|Sigma|theta|Theta|rho)\b"
)


def prose(claim: Claim) -> Iterator[str]:
    yield from (claim.title, claim.source.where, claim.source.printed, claim.note, *claim.hypotheses)
    for form in claim.forms:
        yield from (form.remark, *(mutant.why_false for mutant in form.mutants))


def mathematics(text: str) -> list[str]:
    return re.split(r"(?<!\\)\$", text)[1::2]


@pytest.fixture(autouse=True)
def _real(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NTK_VERIFY_LEDGER", raising=False)


def test_nothing_of_typst_is_left_in_the_ledger() -> None:
    texts = [text for claim in ledger.load().values() for text in prose(claim)]
    assert len([text for text in texts if "$" in text]) > 50
    left = {
        formula: found[0]
        for text in texts
        for formula in mathematics(text)
        if (found := LEFTOVER.search(math(formula)))
    }
    assert left == {}
    assert not [text for text in texts if "$" in plain(text)]


def test_brackets_are_kept_in_pairs() -> None:
    for claim in ledger.load().values():
        for text in prose(claim):
            for formula in mathematics(text):
                read = math(formula)
                # Those of a half-open interval differ.
                assert len(re.findall(r"[(\[]", read)) == len(re.findall(r"[)\]]", read)), formula
                assert read.count("⟨") == read.count("⟩"), formula


def test_nothing_of_typst_is_left_in_the_steps_of_a_derivation() -> None:
    for name in ("be-a-step", "l12-id-12.24", "ds-flin-homog"):
        for form in ledger.load()[name].forms:
            for route in form.routes:
                if isinstance(route, Derivation):
                    for step in route.derive(form.statement).steps:
                        assert not LEFTOVER.search("".join(map(math, mathematics(step.text)))), step.text


@pytest.mark.parametrize(
    ("typst", "read"),
    [
        ("cal(N)(0, 1)", "N(0, 1)"),
        ("bold(x)_1^top bold(x)_2", "x₁ᵀ x₂"),
        (r"1\/2", "1/2"),
        (r"O(m^(-1\/2))", "O(m^(−1/2))"),
        ("dot(Sigma)^((h))(x, x')", "Σ̇^(h)(x, x′)"),
        ("lr(chevron.l f, theta chevron.r)", "⟨f, θ⟩"),
        ("norm(bold(y) - bold(u)(t))^2 <= macron(lambda)", "‖y − u(t)‖² ≤ λ̄"),
        ("sqrt(m)", "√m"),
        ("sqrt(d m)", "√(d m)"),
        ("a_i in {plus.minus 1}", "aᵢ ∈ {±1}"),
        ("bb(R)^(d m)", "ℝ^(d m)"),
        ("a dot.o sigma'(w x)", "a ⊙ σ′(w x)"),
        ("K_(i j)", "Kᵢⱼ"),
        ("k_(0,j)", "k_(0,j)"),
        ('f^"lin" (x)', "f^lin (x)"),
        ("10^(-3)", "10⁻³"),
        ("[0, 1)", "[0, 1)"),
        ("(0, 1]", "(0, 1]"),
        ("partial/(partial t) f", "∂/(∂t) f"),
    ],
)
def test_a_formula_reads(typst: str, read: str) -> None:
    assert math(typst) == read


def test_a_dollar_without_a_partner_is_left_alone() -> None:
    assert plain("$x") == "$x"
    assert plain(r"2\$ for $x^2$") == "2$ for x²"
