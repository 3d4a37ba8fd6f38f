"""The proofs of duals hold for a checker that shares no code with the derivations."""

from dataclasses import replace

import pytest
import sympy as sp
from proof_files import Remembering

from derivations import polar, proof
from derivations.chain import Chain
from derivations.duals import dual
from derivations.duals.gallery import GALLERY
from derivations.duals.moments import a, b, c
from derivations.replay.check import replay
from verify.statement import Identity

POSITIVE = sp.Interval.open(0, sp.oo)
REACH = sp.sqrt(a) * sp.sqrt(b)
DOMAIN = ((a, POSITIVE), (b, POSITIVE), (c, sp.Interval.open(-REACH, REACH)))


def failure(statement: Identity, chain: Chain) -> object:
    whole = proof.Proof.of(statement, chain, kind="identity", claim="dual", form="printed", route="derivation")
    return replay(proof.write(whole)).failure


@pytest.mark.parametrize("name", ["step", "ReLU", "leaky ReLU", "squared ReLU", "cube", "sine", "Gaussian", "GELU"])
def test_proof_files_of_duals_replay(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    d = dual(dict(GALLERY)[name])
    for lhs, rhs in filter(None, (d.statement, d.derivative_statement)):
        remembering = Remembering(monkeypatch)
        statement = Identity(lhs=lhs, rhs=rhs, domain=DOMAIN)
        assert failure(statement, d.chain) is None
        remembering.unchanged.update(step.id for step in d.chain.steps)
        wrong = replace(statement, rhs=rhs * (1 + sp.Rational(1, 10**30)))
        assert rhs == 0 or failure(wrong, d.chain) is not None
        monkeypatch.undo()


def test_the_proof_file_for_every_degree_replays() -> None:
    chain = polar.prove()
    domain = (
        (polar.s, POSITIVE),
        (polar.t, POSITIVE),
        (polar.rho, sp.Interval.open(-1, 1)),
        (polar.n, sp.S.Naturals),
    )
    assert failure(Identity(lhs=chain.steps[-1].lhs, rhs=chain.steps[-1].rhs, domain=domain), chain) is None
