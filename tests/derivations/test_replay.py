"""The replay of proof files: what was tampered with is rejected where it fails, what is no file is named as such."""

import ast
import json
import sys
from pathlib import Path

import pytest
import sympy as sp
from proof_files import MATRICES, Remembering, data, step, text

from derivations import replay as package
from derivations.lemmas import LEMMAS
from derivations.replay import decode, lemmas
from derivations.replay.check import replay
from derivations.replay.errors import MalformedError
from derivations.vocabulary import CONSTANTS, NODES

PRICE = ("ds-norm-needed", 0)
PROOFS = [
    ("be-a-decay", 0),
    ("be-a-step", 1),
    ("be-b-w-bound", 2),
    ("ds-arccos-nu", 0),
    ("ds-closed-form", 0),
    ("ds-flin-homog", 0),
    ("ds-kr-pred", 0),
    ("ds-lin-bound", 0),
    ("im-id-ntk-diag", 0),
    ("kw-rec-theta", 1),
    ("l12-mis-12.19", 1),
    PRICE,
]


def outcome(file):
    return replay(json.dumps(file))


def rejected(file, at):
    found = outcome(file)
    assert not found.accepted
    assert found.failure.step == at
    return found.failure


def test_it_imports_nothing_but_sympy_and_itself() -> None:
    allowed = {*sys.stdlib_module_names, "sympy"}
    for path in Path(package.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert all(n.split(".")[0] in allowed or n.startswith("derivations.replay") for n in names), (path, names)


def test_it_knows_the_nodes_and_the_lemmas_that_chains_use() -> None:
    assert set(decode._KINDS) == set(NODES)
    assert set(decode._CONSTANTS) == set(CONSTANTS)
    assert set(LEMMAS) == lemmas.LEMMAS


@pytest.mark.parametrize(("claim", "number"), PROOFS)
def test_no_step_can_be_changed(claim, number, monkeypatch) -> None:
    """A right side off by 10⁻³⁰, or a left side that is said to be nonnegative off by one, is rejected."""
    file = data(claim, number)
    tiny = "1/" + "1" + "0" * 30
    remembering = Remembering(monkeypatch)
    assert outcome(file).accepted
    for found in file["steps"]:
        side = "lhs" if found["rule"] == "sign" else "rhs"
        kept = found[side]
        if found["lhs"][0] in MATRICES:
            found[side] = ["MatMul", "1000001/1000000", kept]
        else:
            found[side] = ["Add", "-1" if side == "lhs" else tiny, kept]
        assert not outcome(file).accepted, found["id"]
        found[side] = kept
        remembering.unchanged.add(found["id"])
    assert outcome(file).accepted


@pytest.mark.parametrize(("claim", "number"), PROOFS)
def test_the_end_of_the_statement_cannot_be_changed(claim, number) -> None:
    for side in ("lhs", "rhs"):
        file = data(claim, number)
        kept = file["statement"][side]
        file["statement"][side] = ["MatMul", "2", kept] if kept[0] in MATRICES else ["Add", "-1", ["Mul", "2", kept]]
        rejected(file, "")


def test_a_failure_shows_both_sides_and_what_is_left_over() -> None:
    file = data(*PRICE)
    step(file, "relu-integral")["rhs"] = ["Add", step(file, "relu-integral")["rhs"], "1/7"]
    failure = rejected(file, "relu-integral")
    assert failure.lhs.startswith("Integral(")
    assert failure.rhs.endswith("1/7")
    assert failure.residual == "-1/7"


def test_a_wrong_antiderivative_is_rejected() -> None:
    file = data(*PRICE)
    found = step(file, "step-integral")
    found["data"]["antiderivative"] = ["Mul", "2", found["data"]["antiderivative"]]
    assert "antiderivative" in rejected(file, "step-integral").reason


def test_a_wrong_sign_is_rejected() -> None:
    file = data("be-a-decay")
    found = step(file, "split")
    found["rhs"] = ["Mul", "-1", found["rhs"]]
    rejected(file, "split")


def test_a_step_that_is_left_out_is_missed() -> None:
    file = data("be-a-decay")
    file["steps"] = [found for found in file["steps"] if found["id"] != "loss"]
    assert "step loss" in rejected(file, "decay").reason


def test_a_chain_without_its_last_step_does_not_close() -> None:
    file = data("be-a-decay")
    file["steps"].pop()
    assert rejected(file, "").reason == "no step says what the statement says"


def test_a_chain_without_steps_proves_nothing() -> None:
    file = data("be-a-decay")
    file["steps"] = []
    rejected(file, "")


def test_the_order_of_steps_matters() -> None:
    file = data("be-a-decay")
    file["steps"].reverse()
    assert "does not come before it" in rejected(file, "statement").reason


def test_two_steps_with_one_id_are_rejected() -> None:
    file = data("be-a-decay")
    file["steps"].append(dict(file["steps"][0]))
    assert "this id" in rejected(file, file["steps"][0]["id"]).reason


def test_a_lemma_that_nobody_knows_is_rejected() -> None:
    file = data("be-a-decay")
    step(file, "spectrum")["lemma"] = "wishful thinking"
    assert "wishful thinking" in rejected(file, "spectrum").reason


def test_a_lemma_does_not_give_what_it_does_not_say() -> None:
    file = data("be-a-decay")
    statement = file["statement"]
    statement["kind"] = "identity"
    sides = {"lhs": statement["lhs"], "rhs": statement["rhs"]}
    file["steps"] = [{"id": "all", "rule": "lemma", "check": "by_lemma", "text": "", **sides, "uses": [], "data": {}}]
    for name in sorted(lemmas.LEMMAS - lemmas.GRANTED):
        file["steps"][0]["lemma"] = name
        rejected(file, "all")


def test_a_check_that_nobody_knows_is_rejected() -> None:
    file = data("be-a-decay")
    step(file, "split")["check"] = "trust_me"
    assert "trust_me" in rejected(file, "split").reason


def test_a_step_must_be_what_its_check_makes_of_it() -> None:
    file = data("be-a-decay")
    step(file, "split")["rule"] = "sign"
    rejected(file, "split")


def test_an_inequality_is_no_equation() -> None:
    file = data("be-a-decay")
    found = step(file, "statement")
    found["data"]["of"] = ["decay"]
    assert "inequality" in rejected(file, "statement").reason


def test_a_part_that_nothing_says_is_nonnegative_is_rejected() -> None:
    file = data("be-b-w-bound", 2)
    found = step(file, "factor-1")
    found["data"]["given"] = ["list", found["lhs"]]
    found["uses"] = []
    file["statement"]["domain"] = [pair for pair in file["statement"]["domain"] if pair[1][0] != "Interval"]
    assert "neither a hypothesis" in rejected(file, "factor-1").reason


def test_a_hypothesis_may_not_be_dropped_from_the_domain() -> None:
    file = data("ds-kr-pred")
    file["statement"]["domain"] = [pair for pair in file["statement"]["domain"] if pair[0][0] != "Determinant"]
    if outcome(file).accepted:  # the domain may say it by the rank
        file["statement"]["domain"] = [pair for pair in file["statement"]["domain"] if pair[0][0] != "Rank"]
    assert "invertible" in outcome(file).failure.reason


def test_a_correlation_of_minus_one_needs_a_step_of_its_own() -> None:
    file = data("ds-arccos", 0, "Price's theorem")
    file["steps"] = [found for found in file["steps"] if found["id"] != "rho-at-minus-one"]
    assert "at rho = -1" in rejected(file, "").reason


def test_modulo_needs_a_reason() -> None:
    file = data("be-a-decay")
    file["steps"].insert(0, {"id": "free", "rule": "identity", "check": "identity", "text": "", "lhs": "t", "rhs": "0",
                             "uses": [], "lemma": None, "data": {"modulo": ["list", "t"]}})  # fmt: skip
    assert "neither in the statement nor in a step" in rejected(file, "free").reason


def test_a_name_of_the_statement_may_not_be_redefined() -> None:
    file = data("be-a-decay")
    found = step(file, "split")
    found["data"]["definitions"] = ["list", ["list", "lambda_bar", "0"]]
    assert "redefines" in rejected(file, "split").reason


def test_a_function_of_the_statement_means_what_the_statement_says() -> None:
    file = data("be-a-decay")
    found = step(file, "bound")
    found["data"]["meaning"] = ["pairs", [{"function": "r"}, ["Lambda", ["Tuple", "i", "t"], "0"]]]
    assert "means something in the statement" in rejected(file, "bound").reason


def test_an_equation_for_indices_of_a_range_is_used_within_it_only() -> None:
    file = data("ds-closed-form")
    for name in ("solution-start", "solution-equation"):
        found = step(file, name)
        found["data"]["ranges"] = ["pairs", ["i", ["list", "2", "N"]]]
    assert not outcome(file).accepted


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda file: file.update(format="a letter"), "format"),
        (lambda file: file.update(version=2), "version"),
        (lambda file: file.update(steps={}), "steps"),
        (lambda file: file["statement"].update(kind="poem"), "statement.kind"),
        (lambda file: file["statement"].update(lhs=["__import__", "os"]), "statement.lhs"),
        (lambda file: file["statement"].update(lhs="zeta"), "statement.lhs"),
        (lambda file: file["steps"][1].update(rhs=["besselj", "0", "t"]), "steps.1.rhs"),
        (lambda file: file["steps"][1].update(uses=[1]), "steps.1"),
        (lambda file: file["steps"][1].update(id=None), "steps.1.id"),
        (lambda file: file["symbols"]["t"].update(name="\0" + "1,0"), "symbols.t"),
        (lambda file: file["symbols"]["t"].update(assume={"commutative": False}), "symbols.t"),
        (lambda file: file["symbols"]["t"].update(assume={"positive": True, "negative": True}), "symbols.t"),
        (lambda file: file["symbols"]["t"].update(assume={"wise": True}), "symbols.t"),
        (lambda file: file["steps"][1].update(rhs="9" * 400), "steps.1.rhs"),
        (lambda file: file["steps"][1].update(rhs="1/0"), "steps.1.rhs"),
        (lambda file: file["steps"][1].update(rhs=["Pow", "2", "1000000"]), "steps.1.rhs"),
        (lambda file: file["steps"][1].update(rhs=["Sum", "t"]), "steps.1.rhs"),
    ],
)
def test_what_is_malformed_is_named_with_its_place(change, where) -> None:
    file = data("be-a-decay")
    change(file)
    with pytest.raises(MalformedError, match=rf"^{where}"):
        outcome(file)


def test_a_file_that_is_cut_off_is_called_so() -> None:
    whole = text("be-a-decay")
    with pytest.raises(MalformedError, match="cut off"):
        replay(whole[: len(whole) // 2])


def test_nesting_without_end_is_refused() -> None:
    file = data("be-a-decay")
    term = "t"
    for _ in range(300):
        term = ["sin", term]
    file["steps"][1]["rhs"] = term
    with pytest.raises(MalformedError, match="nested"):
        outcome(file)
    with pytest.raises(MalformedError, match="nested too deeply"):
        replay("[" * 100_000 + "]" * 100_000)


def test_too_many_terms_are_refused() -> None:
    file = data("be-a-decay")
    file["steps"][1]["rhs"] = ["Add", *["t"] * (decode.MOST_TERMS + 1)]
    with pytest.raises(MalformedError, match="at most"):
        outcome(file)


def test_the_title_is_reported_and_proves_nothing() -> None:
    file = data("be-a-decay")
    file["proves"]["claim"] = "something-else"
    assert outcome(file).proves["claim"] == "something-else"


def test_what_rests_on_a_lemma_alone_is_listed() -> None:
    assert outcome(data("be-a-decay")).granted == ()
    assert outcome(data("kw-rec-theta", 1)).granted == ("values", "slopes")


def test_a_proof_does_not_hold_for_symbols_that_are_less_than_it_assumes() -> None:
    file = data("be-a-decay")
    file["symbols"]["t"]["assume"] = {"real": True}
    assert sp.Symbol("t", real=True).is_nonnegative is None
    assert not outcome(file).accepted
