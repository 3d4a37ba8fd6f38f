"""Proof files of the ledger's derivations, written once in a process."""

import json
from functools import cache

from derivations.proof import Proof, write
from derivations.replay import check
from verify import ledger
from verify.claim import Derivation

MATRICES = {
    "MatAdd", "MatMul", "MatrixSymbol", "Transpose", "Inverse", "MatPow", "Identity", "ZeroMatrix", "OneMatrix",
    "KroneckerProduct", "HadamardProduct", "MatrixExp", "FlowIntegral", "PseudoInverse", "TimeDerivative",
}  # fmt: skip
"""The nodes that are matrices, which a number cannot be added to."""


def derivations():
    """Every derivation of the ledger: (claim, number of the form, name of the route)."""
    return [
        (claim.id, number, route.name)
        for claim in ledger.load().values()
        for number, form in enumerate(claim.forms)
        for route in form.routes
        if isinstance(route, Derivation)
    ]


@cache
def proof(claim, number=0, name=""):
    """The proof of a form by a route, the first of its derivations by default; None if the chain does not reach it."""
    form = ledger.load()[claim].forms[number]
    route = next(r for r in form.routes if isinstance(r, Derivation) and name in ("", r.name))
    chain = route.derive(form.statement)
    if not chain.reaches:
        return None
    kind = form.statement.kind
    return Proof.of(form.statement, chain, kind=kind, claim=claim, form=form.role.value, route=route.name)


@cache
def text(claim, number=0, name=""):
    """The text of that proof's file."""
    return write(proof(claim, number, name))


def data(claim, number=0, name=""):
    """The proof file as JSON that may be tampered with."""
    return json.loads(text(claim, number, name))


def step(file, name):
    """A step of a proof file by its id."""
    return next(step for step in file["steps"] if step["id"] == name)


class Remembering:
    """Has the replay accept steps that are `unchanged`, with all before them, as it did the first time.

    It would come to the same; but where one step after the other is tampered with, it would do so for each of them.
    """

    def __init__(self, monkeypatch):
        self.unchanged = set()
        self._accept, self._known = check._accept, {}
        monkeypatch.setattr(check, "_accept", self)

    def __call__(self, step, context):
        if step.id in self.unchanged:
            return self._known[step.id]
        accepted = self._accept(step, context)
        self._known.setdefault(step.id, accepted)
        return accepted
