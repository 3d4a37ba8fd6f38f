"""The ledger loader: what it accepts, and the sentence it says about what it does not."""

from pathlib import Path

import pytest

from verify import ledger
from verify.ledger import LedgerError
from verify.verdict import Verdict

HEAD = """
import sympy as sp
from verify.claim import Certificate, Claim, Document, Form, Measurement, Mutant, Role, Source
from verify.statement import Identity
from verify.verdict import Verdict
t = sp.Symbol("t", real=True)
BALLS = Certificate(name="balls", points=({t: sp.Integer(2)},))
"""

CLAIM = """
CLAIMS = (
    Claim(
        id="im-double",
        title="Twice",
        source=Source(document=Document.IM, where="section 1", printed="$(t + 1)^2 - t^2 - 1 = 2 t$"),
        hypotheses=("$t$ is real.",),
        forms=(
            Form(
                role=Role.PRINTED,
                statement=Identity(lhs=(t + 1) ** 2 - t**2 - 1, rhs=2 * t),
                routes=(BALLS,),
                mutants=(
                    Mutant(name="thrice", why_false="$2 != 3$.", change={"rhs": 3 * t}),
                    Mutant(name="once", why_false="$2 != 1$.", change={"rhs": t}, routes=("balls",)),
                ),
            ),
        ),
        expected=Verdict.PROVED,
    ),
)
"""

OTHER = """
OTHER = dataclasses.replace(
    SPREAD,
    id="be-other",
    forms=(dataclasses.replace(SPREAD.forms[0], routes=(Measurement(name="other", experiment=other),)),),
)
CLAIMS = (OTHER, """


def test_claims_come_by_document_and_then_in_ledger_order(example: str) -> None:
    assert list(ledger.load()) == ["im-square", "kw-sign", "be-spread", "ds-prose"]
    assert ledger.default() == example


def test_a_well_formed_claim_loads(package) -> None:
    claim = ledger.load(package(HEAD + CLAIM))["im-double"]
    assert claim.expected is Verdict.PROVED


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "title=",
            "titel=",
            "line 10, claim im-double, field titel: Claim has no field 'titel'; did you mean 'title'?",
        ),
        ("why_false=", "why=", "field why: Mutant has no field 'why'; did you mean 'why_false'?"),
        (
            "        expected=Verdict.PROVED,\n",
            "",
            "claim im-double, field expected: Claim needs it, and it is not given.",
        ),
        (
            "Verdict.PROVED",
            "Verdict.PROVEN",
            "claim im-double: Verdict has no attribute 'PROVEN'; did you mean 'PROVED'?",
        ),
        ("Role.PRINTED", "Rôle.PRINTED", "claim im-double: the name 'Rôle' is not defined."),
        ("Twice", 'Twice"', "family.py, line 12: "),
        ("CLAIMS =", "CLAIM =", "family.py has no tuple CLAIMS; did you mean 'CLAIM'?"),
        (
            "expected=Verdict.PROVED",
            "expected='proved'",
            "claim im-double, field expected: expected Verdict, found the str 'proved'.",
        ),
        (
            '("$t$ is real.",)',
            '("$t$ is real.")',
            "field hypotheses: expected a tuple of str, found the str '$t$ is real.'.",
        ),
        ("rhs=2 * t", "rhs=(t + 1) ** 2 - t**2 - 1", "field forms[0].statement: both sides are one and the same"),
        ("rhs=2 * t", "rhs=2", "field forms[0].statement.rhs: expected Expr, found the int 2."),
        (
            "im-double",
            "mi-double",
            "field id: 'mi' is no document's prefix (known: im, kw, l12, be, ds, suite); did you mean 'im'?",
        ),
        ("im-double", "im-Double thing", "field id: 'im-Double thing' is not kebab-case."),
        ("Document.IM", "Document.KW", "field source.document: is KW, but the id's prefix says 'im'."),
        ("routes=(BALLS,)", "routes=()", "field forms[0].routes: a form has at least one route."),
        ("routes=(BALLS,)", "routes=(BALLS, BALLS)", "field forms[0].routes: two routes are called 'balls'."),
        (
            '{"rhs": t}',
            '{"rsh": t}',
            "mutants[1].change: 'rsh' is no slot of Identity (where, domain, lhs, rhs); did you mean 'rhs'?",
        ),
        (
            '{"rhs": t}',
            '{"rhs": t + t}',
            "field forms[0].mutants[1].change: the mutated statement is the statement itself.",
        ),
        ('{"rhs": t}', '{"rhs": 1}', "field forms[0].mutants[1].change.rhs: expected Expr, found the int 1."),
        (
            '{"rhs": t}',
            '{"rhs": sp.Dummy()}',
            "field forms[0].mutants[1].change.rhs: holds a Dummy; name a Symbol instead.",
        ),
        (
            '{"rhs": t}',
            '{"rhs": sp.airyai(t)}',
            "claim im-double, field forms[0].mutants[1].change: no notation for",
        ),
        (
            '("balls",)',
            '("ball",)',
            "field forms[0].mutants[1].routes: 'ball' is no route of its form; did you mean 'balls'?",
        ),
        ('name="once"', 'name="thrice"', "field forms[0].mutants: two mutants are called 'thrice'."),
        (
            "mutants=(",
            "remark='', mutants=()[:0] and (",
            "claim im-double, field forms[…].mutants: a claim has at least two mutants, this one has 0.",
        ),
    ],
)
def test_a_typo_is_named_by_file_claim_and_field(package, old: str, new: str, said: str) -> None:
    text = HEAD + CLAIM.replace(old, new)
    with pytest.raises(LedgerError) as caught:
        ledger.load(package(text))
    assert said in str(caught.value)
    assert "family.py" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_hint_is_not_followed_by_a_full_stop(package) -> None:
    with pytest.raises(LedgerError) as caught:
        ledger.load(package(HEAD + CLAIM.replace('{"rhs": t}', '{"rsh": t}')))
    assert str(caught.value).endswith("did you mean 'rhs'?")


def test_a_form_restates_one_of_its_role_before_it(package) -> None:
    alone = CLAIM.replace("role=Role.PRINTED,", "role=Role.PRINTED, restates=True,")
    with pytest.raises(LedgerError, match=r"field forms\[0\].restates: no printed form stands before this one that"):
        ledger.load(package(HEAD + alone))
    form = CLAIM[CLAIM.index("            Form(") : CLAIM.index("        ),\n        expected")]
    assert ledger.load(
        package(HEAD + CLAIM.replace(form, form + form.replace("statement=", "restates=True, statement=")))
    )


def test_an_untestable_claim_says_why(package) -> None:
    text = HEAD + CLAIM.replace("Verdict.PROVED", "Verdict.UNTESTABLE")
    with pytest.raises(LedgerError, match=r"field note: a claim expected UNTESTABLE says why in its note"):
        ledger.load(package(text))


def test_what_is_measured_has_a_design(package) -> None:
    text = (Path(__file__).parent / "example_ledger" / "claims.py").read_text()
    text = text.replace('            design=Scaling(exponent=-0.5, shape="half-normal", source="exact"),\n', "")
    with pytest.raises(LedgerError, match=r"claim be-spread, field forms\[0\].design: a form that is measured says"):
        ledger.load(package(text))


def test_two_experiments_do_not_share_an_id(package) -> None:
    text = (Path(__file__).parent / "example_ledger" / "claims.py").read_text()
    text = text.replace(
        "CLAIMS = (", "import dataclasses\nother = dataclasses.replace(NORMAL, title='Other')\n" + OTHER
    )
    with pytest.raises(LedgerError, match="two different experiments are called 'normal-over-root-m'"):
        ledger.load(package(text))


def test_two_claims_do_not_share_an_id(package) -> None:
    text = HEAD + CLAIM + "CLAIMS = CLAIMS + CLAIMS\n"
    with pytest.raises(LedgerError, match=r"claim im-double, field id: the id is taken in .*family\.py"):
        ledger.load(package(text))


def test_a_ledger_that_does_not_exist_is_named() -> None:
    with pytest.raises(LedgerError, match="The ledger 'no_such_ledger' cannot be imported"):
        ledger.load("no_such_ledger")


def test_every_claim_of_the_real_ledger_is_well_formed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NTK_VERIFY_LEDGER", raising=False)
    assert ledger.load()
