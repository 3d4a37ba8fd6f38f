"""Proof files: what is written reads back as the same expressions, and nothing that is not in the list is written."""

import json
from dataclasses import replace

import proof_files
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from derivations import check
from derivations.activations import sigma
from derivations.chain import Chain
from derivations.expressions import Expect, Iterate, relu
from derivations.flows import LinearFlow
from derivations.matrix_expressions import MatrixExp, norm, rank
from derivations.proof import Proof, entitled, read, write
from derivations.replay.check import replay
from derivations.terms import Encoder, Tables, TermError, decode
from derivations.vocabulary import NODES
from verify.statement import Identity

x, y = sp.symbols("x y", real=True)
t = sp.Symbol("t", nonnegative=True)
i, j, k = sp.symbols("i j k", integer=True)
n = sp.Symbol("n", integer=True, positive=True)
s = sp.Symbol("s", real=True)
a = sp.IndexedBase("a", real=True)
p = sp.Function("p", real=True)
A = sp.MatrixSymbol("A", n, n)
TERMS = [
    sp.Integer(-7),
    sp.Rational(10**40 + 1, 10**40),
    sp.pi + sp.I * sp.oo,
    x - y,
    sp.Symbol("x") + x + sp.Symbol("x", positive=True),
    sp.Add(x, -x, evaluate=False),
    sp.Pow(sp.Integer(4), sp.S.Half, evaluate=False),
    sp.Piecewise((x, x > 0), (sp.S.Zero, True)),
    sp.Sum(a[i] ** 2, (i, 1, n)) * sp.Product(a[j], (j, 1, n)),
    sp.Integral(sp.exp(-(x**2)), (x, -sp.oo, sp.oo)),
    sp.Derivative(p(x, y), x, y, evaluate=False),
    sp.Derivative(x**2, (x, 2), evaluate=False),
    sp.Limit(sp.sin(x) / x, x, 0),
    sp.Lambda((x, y), x + y),
    sp.acos(x) + sp.Abs(x) + sp.Max(x, y) + sp.floor(x),
    sp.KroneckerDelta(i, j) * sigma(x) * relu(y),
    Expect(relu(x) * relu(y), (x, y), [[1, s], [s, 1]]),
    Iterate(x + k, x, k, sp.Integer(0), n),
    LinearFlow(i, sp.KroneckerDelta(j, k), (j, k, s), a[j], n, t),
    sp.Trace(A.T * A.I) + norm(A) + rank(A) + A[i, j] + sp.Determinant(A),
    MatrixExp(-t * A) * sp.OneMatrix(n, 1) + sp.ZeroMatrix(n, 1),
]
SETS = [sp.Interval.Ropen(0, sp.oo), sp.FiniteSet(-1, 1), sp.S.Reals, sp.Range(1, n + 1), sp.S.Naturals]


def there_and_back(value):
    encode = Encoder()
    written = json.loads(json.dumps([encode(value), encode.tables.to_json()]))
    return decode(written[0], Tables.from_json(written[1]))


@pytest.mark.parametrize("term", [*TERMS, *SETS], ids=str)
def test_a_term_reads_back_as_it_was_written(term) -> None:
    found = there_and_back(term)
    assert found == term
    assert found.args == term.args


@given(st.dictionaries(st.sampled_from(["positive", "integer", "real", "even"]), st.just(True)), st.text(min_size=1))
def test_a_symbol_keeps_its_name_and_its_assumptions(assumptions, name) -> None:
    symbol = sp.Symbol(name, **assumptions)
    found = there_and_back(symbol + sp.Symbol(name))
    assert found == symbol + sp.Symbol(name)


@given(st.integers(), st.integers(min_value=1))
def test_numbers_keep_all_their_digits(over, under) -> None:
    assert there_and_back(sp.Rational(over, under)) == sp.Rational(over, under)


def test_data_around_terms_reads_back_too() -> None:
    data = {x: (x, y), y: (), "text": {p: sp.Lambda(x, x**2)}}
    found = there_and_back(data)
    assert found[x] == (x, y)
    assert found[sp.core.symbol.Str("text")] == {p: sp.Lambda(x, x**2)}


def test_a_node_that_is_not_in_the_list_is_named() -> None:
    with pytest.raises(TermError, match="besselj is not among the nodes"):
        Encoder()(sp.besselj(0, x))
    with pytest.raises(TermError, match="no expression"):
        decode(["besselj", "0", "1"], Tables())


def test_what_was_not_checked_by_a_builder_is_not_written() -> None:
    statement = Identity(lhs=x, rhs=x, domain=((x, sp.S.Reals),))
    step = replace(check.identity("same", "", x, x), data={})
    proof = Proof.of(statement, Chain(steps=(step,)), kind="identity", claim="a", form="b", route="c")
    with pytest.raises(TermError, match="step same"):
        write(proof)


def test_a_dummy_is_written_as_a_symbol_that_nothing_else_is_called() -> None:
    encode = Encoder()
    encode((sp.Dummy("q", positive=True), sp.Symbol("q"), sp.Dummy("q", positive=True)))
    names = {entry["name"] for entry in encode.tables.to_json()["symbols"].values()}
    assert len(names) == 3


def test_how_many_dummies_there_were_before_makes_no_difference() -> None:
    first, second = Encoder(), Encoder()
    first(sp.Dummy(positive=True))
    second(sp.Dummy(positive=True))
    assert first.tables.to_json() == second.tables.to_json()


def test_the_same_chain_gives_the_same_bytes() -> None:
    proof_files.proof.cache_clear()
    first = write(proof_files.proof("be-a-decay"))
    proof_files.proof.cache_clear()
    assert write(proof_files.proof("be-a-decay")) == first


def test_a_title_is_all_that_entitling_changes() -> None:
    text = proof_files.text("be-a-decay")
    other = entitled(text, claim="a", form="b", route='a "quoted" name')
    before, after = json.loads(text), json.loads(other)
    assert after.pop("proves") == {"claim": "a", "form": "b", "route": 'a "quoted" name'}
    before.pop("proves")
    assert after == before


@pytest.mark.parametrize(("claim", "number", "route"), proof_files.derivations())
def test_every_derivation_of_the_ledger_reads_back_and_replays(claim, number, route) -> None:
    proof = proof_files.proof(claim, number, route)
    if proof is None:
        pytest.skip("the chain does not reach the statement")
    text = proof_files.text(claim, number, route)
    found = read(text)
    assert (found.lhs, found.rhs, found.where, found.domain) == (proof.lhs, proof.rhs, proof.where, proof.domain)
    assert [(step.lhs, step.rhs) for step in found.chain.steps] == [(st.lhs, st.rhs) for st in proof.chain.steps]
    assert write(found) == text
    outcome = replay(text)
    assert outcome.accepted, outcome.failure


def test_the_names_in_the_list_are_those_of_the_classes() -> None:
    assert all(kind.__name__ == name for name, kind in NODES.items())
