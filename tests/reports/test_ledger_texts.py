"""Every text and every statement of the ledger can be set, before anything is run."""

from collections.abc import Iterator

from reports import mathml, prose
from verify import ledger, typeset
from verify.claim import Claim


def texts(claim: Claim) -> Iterator[str]:
    yield from (claim.title, claim.source.where, claim.source.printed, claim.note, *claim.hypotheses)
    for form in claim.forms:
        yield from (form.remark, *(route.name for route in form.routes))
        yield from (text for mutant in form.mutants for text in (mutant.name, mutant.why_false))


def statements(claim: Claim) -> Iterator[str]:
    for form in claim.forms:
        for statement in (form.statement, *(mutant.of(form.statement) for mutant in form.mutants)):
            printed = (typeset.statement_formula(statement), typeset.domain_formula(statement))
            yield from (f.typst for f in (*printed, *typeset.where_formulas(statement)) if f)


def test_every_text_and_statement_of_the_ledger_can_be_set() -> None:
    claims = ledger.load().values()
    inline = {span.text for claim in claims for text in texts(claim) for span in prose.spans(text) if span.math}
    displayed = {phrase for claim in claims for math in statements(claim) for phrase in prose.phrases(math)}
    formulas = [mathml.Formula(math, math in displayed, "") for math in sorted(inline | displayed)]
    assert len(mathml.markup(formulas).formulas) == len(formulas)
