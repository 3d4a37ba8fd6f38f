"""Well-formedness of claims: what the dataclasses cannot say about themselves, checked before anything runs."""

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import sympy as sp

from verify import typeset
from verify.annotations import misfits
from verify.claim import Claim, Document, Form, Measurement, Mutant, Role, Route, UniformCertificate
from verify.decide.design import Centred, Design, Piloted
from verify.experiment import Experiment
from verify.statement import Identity, Inequality, Limit, Ordering, Rate, Statement
from verify.verdict import Verdict

_ID = re.compile(r"[a-z0-9.]+(-[a-z0-9.]+)+", re.IGNORECASE)


class FaultError(Exception):
    """A claim is not well formed: the field at fault and what is wrong with it."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"field {field}: {message}")


def nearest(name: str, valid: Iterable[str]) -> str:
    """Return "; did you mean 'x'?" for the valid name most like `name`, or nothing when none is alike.

    >>> nearest("tite", ["title", "note"])
    "; did you mean 'title'?"
    """
    close = difflib.get_close_matches(name, list(valid), n=1, cutoff=0.5)
    return f"; did you mean {close[0]!r}?" if close else ""


def check(claim: Claim) -> None:
    """Raise `FaultError` unless the claim is well formed.

    Every field has its declared type; the id is kebab-case under its document's prefix; a claim has a form and a
    form has a route, unless the claim is expected UNTESTABLE; a form measured by an experiment carries a design;
    a form that restates another has one of its role before it; mutants change slots that exist to values that differ,
    and name routes that exist; there are two at least; every statement can be printed.
    """
    _check_types(claim)
    _check_id(claim)
    if claim.expected is Verdict.UNTESTABLE:
        if not claim.note:
            raise FaultError("note", "a claim expected UNTESTABLE says why in its note")
    elif not claim.forms:
        raise FaultError("forms", "a claim has at least one form unless it is expected UNTESTABLE")
    for number, form in enumerate(claim.forms):
        _check_form(f"forms[{number}]", form)
        if form.restates and all(earlier.role is not form.role for earlier in claim.forms[:number]):
            message = f"no {form.role.value} form stands before this one that it could restate"
            raise FaultError(f"forms[{number}].restates", message)
        _check_designs(f"forms[{number}]", form, to_refute=claim.expected is Verdict.REFUTED)
    mutants = sum(len(form.mutants) for form in claim.forms)
    if claim.erratum:
        mutants += any(form.role is Role.PRINTED for form in claim.forms)
    if claim.forms and mutants < 2:
        counted = ", the printed form of an erratum counted" if claim.erratum else ""
        raise FaultError("forms[…].mutants", f"a claim has at least two mutants{counted}, this one has {mutants}")


def experiments(claims: Iterable[Claim]) -> dict[str, Experiment]:
    """Return the experiments that the claims measure, by id.

    Raises `FaultError` for an experiment with faults, and when two of them share an id.
    """
    found: dict[str, Experiment] = {}
    for claim in claims:
        for form in claim.forms:
            for route in form.routes:
                if isinstance(route, Measurement):
                    if route.experiment.id not in found:
                        for field, message in route.experiment.faults():
                            raise FaultError(f"experiment {route.experiment.id}.{field}", message)
                    known = found.setdefault(route.experiment.id, route.experiment)
                    if known != route.experiment:
                        raise FaultError("experiment.id", f"two different experiments are called {known.id!r}")
    return found


def _check_id(claim: Claim) -> None:
    prefix = claim.id.partition("-")[0]
    known = [document.value for document in Document]
    if prefix not in known:
        raise FaultError(
            "id", f"{prefix!r} is no document's prefix (known: {', '.join(known)}){nearest(prefix, known)}"
        )
    if not _ID.fullmatch(claim.id):
        raise FaultError("id", f"{claim.id!r} is not kebab-case")
    if claim.source.document is not claim.document:
        raise FaultError("source.document", f"is {claim.source.document.name}, but the id's prefix says {prefix!r}")


def _check_form(field: str, form: Form) -> None:
    if not form.routes:
        raise FaultError(f"{field}.routes", "a form has at least one route")
    names = Counter(route.name for route in form.routes)
    if repeated := [name for name, count in names.items() if count > 1]:
        raise FaultError(f"{field}.routes", f"two routes are called {repeated[0]!r}")
    _check_statement(f"{field}.statement", form.statement)
    with _printing(f"{field}.statement"):
        typeset.statement_formula(form.statement)
        typeset.domain_formula(form.statement)
        typeset.where_formulas(form.statement)
    for route in form.routes:
        if isinstance(route, UniformCertificate) and route.variable not in dict(form.statement.domain):
            message = f"{route.name!r} covers {route.variable}, which is not in the domain"
            raise FaultError(f"{field}.routes", message)
    for number, mutant in enumerate(form.mutants):
        _check_mutant(f"{field}.mutants[{number}]", mutant, form)
    repeated = [name for name, count in Counter(mutant.name for mutant in form.mutants).items() if count > 1]
    if repeated:
        raise FaultError(f"{field}.mutants", f"two mutants are called {repeated[0]!r}")


def _check_designs(field: str, form: Form, *, to_refute: bool) -> None:
    """Check that whatever a measurement decides has a design, which its power follows from.

    An inequality along paths that is true needs none: no chance can refute it.
    """
    measured = {route.name for route in form.routes if isinstance(route, Measurement)}
    _check_piloted(f"{field}.design", form.design, form.statement, form.routes)
    for number, mutant in enumerate(form.mutants):
        routes = [route for route in form.routes if route.name in mutant.routes or not mutant.routes]
        _check_piloted(f"{field}.mutants[{number}].design", mutant.design, form.statement, routes)
    if not measured:
        return
    to_refute = to_refute and form.role is not Role.CORRECTED
    if form.design is None and (to_refute or not isinstance(form.statement, Inequality)):
        raise FaultError(f"{field}.design", "a form that is measured says what is known of the quantity beforehand")
    for number, mutant in enumerate(form.mutants):
        if form.design is None and mutant.design is None and (measured & set(mutant.routes) or not mutant.routes):
            message = "a mutant that is measured has a design, or its form has one"
            raise FaultError(f"{field}.mutants[{number}].design", message)


def _check_piloted(field: str, design: Design | None, statement: Statement, routes: Iterable[Route]) -> None:
    """Check that what is to be planned from a pilot can be, and has one."""
    if not isinstance(design, Piloted):
        return
    if not isinstance(statement, Rate | Limit | Ordering):
        raise FaultError(field, "a pilot plans rates, limits and orderings; a probability bound stops as it draws")
    if isinstance(statement, Limit) and not isinstance(design.fallback, Centred):
        raise FaultError(f"{field}.fallback", "of a limit is Centred: a Scaling says nothing about the limit's value")
    for route in routes:
        if isinstance(route, Measurement) and not route.experiment.pilot:
            raise FaultError(field, f"is Piloted, and the experiment {route.experiment.id!r} has no pilot")


def _check_mutant(field: str, mutant: Mutant, form: Form) -> None:
    slots = form.statement.slots()
    if not mutant.change:
        raise FaultError(f"{field}.change", "a mutant changes at least one slot")
    for slot in mutant.change:
        if slot not in slots:
            kind = type(form.statement).__name__
            raise FaultError(
                f"{field}.change", f"{slot!r} is no slot of {kind} ({', '.join(slots)}){nearest(slot, slots)}"
            )
    names = [route.name for route in form.routes]
    for name in mutant.routes:
        if name not in names:
            raise FaultError(f"{field}.routes", f"{name!r} is no route of its form{nearest(name, names)}")
    statement = mutant.of(form.statement)
    if statement.fingerprint() == form.statement.fingerprint():
        raise FaultError(f"{field}.change", "the mutated statement is the statement itself")
    _check_types(statement, f"{field}.change")
    _check_statement(f"{field}.change", statement)
    with _printing(f"{field}.change"):
        typeset.variant_formula(statement, form.statement)
    if not mutant.why_false:
        raise FaultError(f"{field}.why_false", "a mutant says why it is false")


def _check_statement(field: str, statement: Statement) -> None:
    """Check that a statement says something, and holds no Dummy: each process numbers those anew."""
    for slot, value in statement.slots().items():
        parts = value if isinstance(value, tuple) else (value,)
        if any(isinstance(part, sp.Basic) and part.atoms(sp.Dummy) for part in _flatten(parts)):
            raise FaultError(f"{field}.{slot}", "holds a Dummy; name a Symbol instead")
    if isinstance(statement, Identity) and statement.lhs == statement.rhs:
        raise FaultError(field, "both sides are one and the same: SymPy has simplified them to it")


@contextmanager
def _printing(field: str) -> Iterator[None]:
    """Blame the field for what has no notation."""
    try:
        yield
    except typeset.UnprintableError as error:
        raise FaultError(field, str(error)) from error


def _flatten(values: Iterable[Any]) -> Iterator[Any]:
    for value in values:
        if isinstance(value, tuple):
            yield from _flatten(value)
        else:
            yield value


def _check_types(value: Any, field: str = "") -> None:
    for inner, message in misfits(value, field):
        raise FaultError(inner, message)
