"""What a statement assumes of its symbols must follow from its domain."""

import json
from dataclasses import replace

import pytest
import sympy as sp
from sympy.matrices.expressions.sets import MatrixSet

from derivations.matrices import by_algebra
from derivations.proof import Proof, write
from derivations.replay.check import replay
from verify.statement import Identity

REALS = ["Reals"]
POSITIVE = ["Interval", "0", ["oo"], True, True]
AT_LEAST_Y = ["Interval", "y", ["oo"], False, True]


def reason(lhs, rhs, domain, symbols, *, step, functions=None):
    """Why a file with one step is rejected; "" if it is not."""
    known = {name: {"name": name, "assume": assume} for name, assume in symbols.items()}
    file = {
        "format": "ntk-verify proof", "version": 1, "proves": {"claim": "c", "form": "f", "route": "r"},
        "statement": {"kind": step[0], "lhs": lhs, "rhs": rhs, "where": [], "domain": domain},
        "symbols": known, "functions": functions or {}, "lemmas": [],
        "steps": [{"id": "all", "text": "", "uses": [], "lemma": None, **step[1]}],
    }  # fmt: skip
    failure = replay(json.dumps(file)).failure
    return failure.reason if failure else ""


def cubic(domain, symbols, of="x"):
    """x³ + x >= 0."""
    side = ["Add", ["Pow", of, "3"], of]
    own = {"rule": "sign", "check": "nonnegative", "lhs": side, "rhs": "0", "data": {}}
    return reason("0", side, domain, symbols, step=("inequality", own))


def equation(lhs, rhs, domain, symbols, functions=None):
    own = {"rule": "identity", "check": "identity", "lhs": lhs, "rhs": rhs, "data": {}}
    return reason(lhs, rhs, domain, symbols, step=("identity", own), functions=functions)


def test_a_positive_symbol_is_positive_on_its_domain() -> None:
    positive = {"x": {"positive": True}}
    assert cubic([["x", POSITIVE]], positive) == ""
    assert cubic([["x", REALS]], positive) == "x is taken to be positive, which its domain does not say"
    assert "to be extended_" in equation("x", "x", [["x", REALS]], {"x": {"extended_positive": True}})


def test_an_integer_is_one_on_its_domain() -> None:
    assert equation("n", "n", [["n", ["Integers"]]], {"n": {"integer": True}}) == ""
    assert "n is taken to be integer" in equation("n", "n", [["n", REALS]], {"n": {"integer": True}})
    assert "n is taken to be even" in equation("n", "n", [["n", ["Integers"]]], {"n": {"even": True}})


def test_a_symbol_without_a_set_is_rejected() -> None:
    found = cubic([], {"x": {"positive": True}})
    assert found.startswith("the domain says nothing about x")
    assert "positive" in found
    assert "nothing about x" in equation("x", "x", [], {"x": {}})


def test_a_set_may_depend_on_what_else_is_declared() -> None:
    both = {"x": {"real": True}, "y": {"positive": True}}
    for domain in ([["y", POSITIVE], ["x", AT_LEAST_Y]], [["x", AT_LEAST_Y], ["y", POSITIVE]]):
        assert equation("x", "x", domain, both) == ""
    assert "nothing about y" in equation("x", "x", [["x", AT_LEAST_Y]], both)
    assert "y is taken to be positive" in equation("x", "x", [["y", REALS], ["x", AT_LEAST_Y]], both)
    circle = [["x", AT_LEAST_Y], ["y", ["Interval", "x", ["oo"], False, True]]]
    assert "nothing about" in equation("x", "x", circle, {"x": {"real": True}, "y": {"real": True}})


@pytest.mark.parametrize(("index", "found"), [("i", ""), ("1", "nothing about a[2]")])
def test_an_entry_is_declared_by_its_family(index, found) -> None:
    entry, symbols = ["Indexed", ["IndexedBase", "a"], "2"], {"a": {"positive": True}, "i": {"integer": True}}
    said = cubic([[["Indexed", ["IndexedBase", "a"], index], POSITIVE]], symbols, entry)
    assert said == found or (found and found in said)
    assert "a[2] is taken to be positive" in cubic([[["Indexed", ["IndexedBase", "a"], "i"], REALS]], symbols, entry)


def test_a_function_without_a_set_is_real() -> None:
    value, t = ["call", "f", "t"], {"t": {"real": True}}
    for assume, found in (({"real": True}, ""), ({"positive": True}, "f(t) is taken to be positive")):
        said = equation(value, value, [["t", REALS]], t, {"f": {"name": "f", "assume": assume}})
        assert said.startswith(found)
        assert bool(said) == bool(found)


def test_a_matrix_in_a_condition_need_not_be_square() -> None:
    A, B = sp.MatrixSymbol("A", 3, 3), sp.MatrixSymbol("B", 2, 3)
    none = sp.FiniteSet(sp.ZeroMatrix(3, 3))
    reals = ((A, MatrixSet(3, 3, sp.S.Reals)), (B, MatrixSet(2, 3, sp.S.Reals)))
    for conditions, accepted in (((A - A.T, B.T * B - A), True), ((A - A.T, B.T * B - 2 * A), False)):
        domain = (*reals, *((condition, none) for condition in conditions))
        statement = Identity(lhs=B.T * B + A.T, rhs=2 * A, domain=domain)
        founded = replace(statement, domain=(*reals, (A - A.T, none), (B.T * B - A, none)))
        chain = by_algebra(given=((A.T, A), (B.T * B, A)))(founded)
        proof = Proof.of(statement, chain, kind=statement.kind, claim="c", form="f", route="r")
        assert replay(write(proof)).accepted == accepted
