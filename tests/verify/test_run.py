"""A run of the example ledger: evidence once, the same bytes however it is computed, verdicts that are computed."""

import dataclasses
import importlib
import json
import os
import signal
import time
from contextlib import closing
from pathlib import Path

import jsonschema
import pytest
import sympy as sp
from runs import Watch, normalised, same, start, wait_for_evidence

from derivations.chain import Chain
from reports.wording import complaint
from verify import ledger
from verify import run as engine
from verify.claim import Certificate, Claim, Derivation, Mutant, Role
from verify.engine import Processes, local
from verify.engine.answers import groups
from verify.evidence import Cell
from verify.experiment import Profile
from verify.files import schema
from verify.keys import describe
from verify.plan import Plan
from verify.quantities import NOTATION, Notation
from verify.sources import hash_reached, reached
from verify.statement import Identity
from verify.store import Store
from verify.tasks import Ledger, compute, key
from verify.verdict import Verdict


@pytest.fixture
def claims(example: str) -> dict[str, Claim]:
    return ledger.load(example)


@pytest.fixture
def store(tmp_path: Path):
    with Store(tmp_path / "evidence.sqlite") as store:
        yield store


def changed(claim: Claim, number: int = 0, **change: object) -> Claim:
    """The claim with fields of one of its forms replaced."""
    forms = list(claim.forms)
    forms[number] = dataclasses.replace(forms[number], **change)
    return dataclasses.replace(claim, forms=tuple(forms))


def test_the_example_is_green(claims, store) -> None:
    results = engine.verify(list(claims.values()), store=store)
    assert {claim.id: claim.verdict.value for claim in results.claims} == {
        "im-square": "PROVED",
        "kw-sign": "REFUTED",
        "be-spread": "SUPPORTED",
        "ds-prose": "UNTESTABLE",
    }
    assert results.summary.green
    assert results.summary.errata == ("kw-sign",)
    assert results.summary.unexpected == results.summary.surviving_mutants == ()
    assert results.summary.mutants_refuted == results.summary.mutants_total == 7


def test_results_follow_the_published_schema(claims, store) -> None:
    published = json.loads(schema())
    jsonschema.Draft202012Validator.check_schema(published)
    results = engine.verify(list(claims.values()), store=store)
    jsonschema.validate(json.loads(results.model_dump_json()), published)


def test_an_experiment_is_measured_once_for_a_claim_and_its_mutants(claims, store) -> None:
    watch = Watch()
    engine.verify([claims["be-spread"]], store=store, progress=watch)
    assert len(watch.computed) == watch.total == len(set(watch.computed)) == 5


def test_a_second_run_computes_nothing_and_finds_the_same(claims, store) -> None:
    first = engine.verify(list(claims.values()), store=store)
    watch = Watch()
    assert same(first, engine.verify(list(claims.values()), store=store, progress=watch))
    assert watch.computed == []
    assert watch.stored == watch.total > 0


def test_fresh_computes_all_again(claims, store) -> None:
    first = engine.verify(list(claims.values()), store=store)
    watch = Watch()
    assert same(first, engine.verify(list(claims.values()), store=store, fresh=True, progress=watch))
    assert len(watch.computed) == watch.total


def test_the_number_of_workers_makes_no_difference(claims, store, tmp_path: Path) -> None:
    one = engine.verify(list(claims.values()), store=store)
    with Store(tmp_path / "other.sqlite") as other, Processes(2) as workers:
        two = engine.verify(list(claims.values()), store=other, engine=workers)
        assert len(other) == len(store) > 0
    assert same(one, two)


def test_a_worker_is_handed_the_statements_of_a_claim_together_and_cells_one_by_one(claims) -> None:
    tasks = dict(Plan(claims.values(), Ledger(claims.values()), profile=Profile.QUICK, seed=0).tasks)
    handed_out = groups(tasks)
    assert {name: task for group in handed_out for name, task in group.items()} == tasks
    of_claims = {tuple({task.label.split(" · ")[0] for task in group.values()}): len(group) for group in handed_out}
    assert {claim: count > 1 for (claim,), count in of_claims.items()} == {
        "im-square": True,
        "kw-sign": True,
        claims["be-spread"].forms[0].routes[0].experiment.id: False,
    }
    assert sum(len(group) == 1 for group in handed_out) == sum(task.kind == "cell" for task in tasks.values())


def test_the_seed_and_the_profile_choose_the_samples(claims) -> None:
    claim = claims["be-spread"]
    book = Ledger([claim])

    def keys(profile: Profile, seed: int) -> set[str]:
        return set(Plan([claim], book, profile=profile, seed=seed).tasks)

    assert not keys(Profile.QUICK, 0) & keys(Profile.QUICK, 1)
    assert not keys(Profile.QUICK, 0) & keys(Profile.FULL, 0)
    assert keys(Profile.QUICK, 0) == keys(Profile.QUICK, 0)


def test_a_derivation_does_not_depend_on_the_seed(claims) -> None:
    claim = claims["im-square"]
    book = Ledger([claim])
    plans = [set(Plan([claim], book, profile=Profile.QUICK, seed=seed).tasks) for seed in (0, 1)]
    assert plans[0] == plans[1]


def test_changing_a_slot_changes_the_key_and_the_verdict(claims, store) -> None:
    claim = claims["im-square"]
    statement = dataclasses.replace(claim.forms[0].statement, rhs=sp.Symbol("t", real=True) ** 2)
    wrong = changed(claim, statement=statement)
    plans = [Plan([c], Ledger([c]), profile=Profile.QUICK, seed=0) for c in (claim, wrong)]
    originals = [{name for name, task in plan.tasks.items() if task.label.count("mutant") == 0} for plan in plans]
    assert not originals[0] & originals[1]
    results = engine.verify([wrong], store=store)
    assert results.claims[0].verdict is Verdict.REFUTED
    assert results.summary.unexpected == ("im-square",)
    assert not results.summary.green
    assert results.claims[0].reproduce == "ntk-verify run im-square --seed 0 --profile quick --fresh"


def test_a_function_is_described_by_what_it_would_compute() -> None:
    def power(n: int):
        return lambda x: x**n

    assert describe(power(2)) == describe(power(2))
    assert describe(power(2)) != describe(power(3))
    assert describe(1) != describe(1.0)
    with pytest.raises(TypeError, match="its repr differs in each process"):
        describe(object())
    assert describe({"a": 1, "b": 2}) == describe({"b": 2, "a": 1})


def test_a_derivation_that_raises_is_an_error_of_its_route_alone(claims, store) -> None:
    t = sp.Symbol("t", real=True)
    form = claims["im-square"].forms[0]
    tangent = Mutant(name="tangent", why_false="It is not.", change={"rhs": sp.tan(t)}, routes=("expansion",))
    claim = changed(claims["im-square"], mutants=(*form.mutants, tangent))
    result = engine.verify([claim], store=store).claims[0]
    assert result.verdict is Verdict.PROVED
    assert not result.ok
    (mutant,) = [mutant for mutant in result.mutants if mutant.name == "tangent"]
    assert mutant.verdict is Verdict.ERROR
    assert mutant.beta == 1
    assert mutant.reason == "The route failed: ValueError: the derivation does not know the tangent."


def test_an_error_is_not_stored(claims, store) -> None:
    t = sp.Symbol("t", real=True)
    claim = changed(
        claims["im-square"],
        mutants=(Mutant(name="tan", why_false="No.", change={"rhs": sp.tan(t)}, routes=("expansion",)),),
    )
    engine.verify([claim], store=store)
    assert len(store) == len(claim.forms[0].routes)


def test_an_erratum_needs_its_corrected_form_upheld(claims, store) -> None:
    claim = claims["kw-sign"]
    wrong = changed(claim, 1, statement=claim.forms[0].statement)
    result = engine.verify([wrong], store=store).claims[0]
    assert result.verdict is claim.expected
    assert not result.erratum
    assert not result.ok


def stuck(_: Identity) -> Chain:
    return Chain(steps=(), obstacle="Nothing is known about it.")


def test_a_route_that_decides_nothing_turns_the_run_red_though_another_upholds_the_claim(claims, store) -> None:
    form = claims["im-square"].forms[0]
    expansion = next(route for route in form.routes if isinstance(route, Derivation))
    balls = next(route for route in form.routes if isinstance(route, Certificate))
    routes = (dataclasses.replace(expansion, derive=stuck, name="stuck"), balls)
    claim = dataclasses.replace(changed(claims["im-square"], routes=routes, mutants=()), expected=Verdict.SUPPORTED)
    result = engine.verify([claim], store=store).claims[0]
    assert result.verdict is result.expected
    assert [route.verdict for route in result.routes] == [Verdict.INCONCLUSIVE, Verdict.SUPPORTED]
    assert not result.ok
    assert complaint(result) == "1 route decides nothing: stuck."


def test_a_mutant_that_is_true_survives_and_turns_the_run_red(claims, store) -> None:
    t = sp.Symbol("t", real=True)
    true = Mutant(name="factored", why_false="It is true.", change={"rhs": (t + 1) * (t + 1)}, routes=("balls",))
    claim = changed(claims["im-square"], mutants=(*claims["im-square"].forms[0].mutants, true))
    results = engine.verify([claim], store=store)
    assert results.summary.surviving_mutants == ("im-square: factored (balls)",)
    assert not results.summary.green
    assert results.summary.unexpected == ()


def test_a_waiver_keeps_the_run_green_and_the_claim_red(claims, store) -> None:
    claim = dataclasses.replace(claims["im-square"], expected=Verdict.REFUTED)
    results = engine.verify([claim], store=store, waivers={"im-square": "Under repair."})
    assert not results.claims[0].ok
    assert results.claims[0].waiver == "Under repair."
    assert results.summary.green


def test_nothing_is_not_green() -> None:
    assert not engine.summarise([]).green


def test_a_run_above_its_error_budget_is_not_green(claims, store) -> None:
    (claim,) = engine.verify([claims["be-spread"]], store=store).claims
    lax = claim.model_copy(update={"routes": tuple(r.model_copy(update={"alpha": 2e-6}) for r in claim.routes)})
    assert engine.summarise([claim]).green
    assert not engine.summarise([lax]).green


def test_forms_of_one_role_are_numbered(claims, store) -> None:
    claim = claims["kw-sign"]
    twice = dataclasses.replace(claim, forms=(*claim.forms, claim.forms[1]))
    result = engine.verify([twice], store=store).claims[0]
    assert [form.name for form in result.forms] == ["printed", "corrected", "corrected-2"]
    assert {form.role for form in twice.forms} == {Role.PRINTED, Role.CORRECTED}


def test_a_task_is_the_same_wherever_it_is_looked_up(claims) -> None:
    book = Ledger(claims.values())
    plan = Plan(claims.values(), book, profile=Profile.QUICK, seed=3)
    assert all(key(task, book) == name for name, task in plan.tasks.items())


def test_a_lost_task_is_resubmitted_with_the_same_stream(claims, store, tmp_path: Path, monkeypatch) -> None:
    expected = engine.verify([claims["be-spread"]], store=store)
    monkeypatch.setenv("EXAMPLE_DIE", str(tmp_path / "victim"))
    with Store(tmp_path / "other.sqlite") as other, Processes(2) as workers:
        found = engine.verify([claims["be-spread"]], store=other, engine=workers)
    assert (tmp_path / "victim").exists()
    assert same(expected, found)


def test_a_task_that_always_kills_its_worker_is_blamed_alone(claims, monkeypatch) -> None:
    book = Ledger(claims.values())
    tasks = dict(Plan([claims["be-spread"]], book, profile=Profile.QUICK, seed=0).tasks)
    deadly = list(tasks)[2]

    def die_on_one(_, tasks, _started):
        for name, task in list(tasks.items()):
            if name == deadly:
                raise local.TerminatedWorkerError("killed")
            yield local.answer(name, task, book)

    monkeypatch.setattr(Processes, "_handed_out", lambda *given: closing(die_on_one(*given)))
    answers = {answer.key: answer.error for answer in Processes(2).answers(tasks, book, str)}
    assert set(answers) == set(tasks)
    assert [name for name, error in answers.items() if error] == [deadly]
    assert "its worker process died" in answers[deadly]


def test_samples_that_are_not_as_many_as_asked_are_refused(claims) -> None:
    claim = claims["be-spread"]
    book = Ledger([claim])
    task = next(iter(Plan([claim], book, profile=Profile.QUICK, seed=0).tasks.values()))
    piece = compute(task, book)
    assert isinstance(piece, Cell) and len(piece.columns["spread"]) == 2000
    experiment = next(iter(book.experiments.values()))
    short = dataclasses.replace(experiment, measure=lambda _, rng: {"spread": rng.standard_normal(3)})
    book.experiments = {experiment.id: short}
    with pytest.raises(ValueError, match="was to measure 2000 draws"):
        compute(task, book)


def results_of(tmp_path: Path, name: str) -> str:
    return normalised((tmp_path / name / "results.json").read_text())


def one_line(said: str) -> str:
    """The one line that was said."""
    (line,) = said.splitlines()
    return line


@pytest.mark.skipif(os.name == "nt", reason="signals")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_killed_run_resumes_and_ends_with_the_same_results(claims, tmp_path: Path, jobs: str) -> None:
    killed = start(tmp_path, "killed", "--jobs", jobs, sleep=0.5)
    wait_for_evidence(tmp_path / "evidence.sqlite", 2)
    os.kill(killed.pid, signal.SIGKILL)
    killed.communicate()
    assert not (tmp_path / "killed" / "results.json").exists()
    resumed = start(tmp_path, "resumed", "--jobs", "1")
    _, progress = resumed.communicate()
    assert resumed.returncode == 0
    stored = int(progress.split(" needed, ")[1].split()[0])
    assert 2 <= stored < 5
    with Store(tmp_path / "other.sqlite") as other:
        straight = engine.verify([claims["be-spread"]], store=other)
    assert results_of(tmp_path, "resumed") == normalised(straight.model_dump_json())


@pytest.mark.skipif(os.name == "nt", reason="signals")
@pytest.mark.usefixtures("example")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_keeps_the_evidence_and_says_how_to_resume(tmp_path: Path, jobs: str) -> None:
    run = start(tmp_path, "out", "--jobs", jobs, sleep=0.5)
    wait_for_evidence(tmp_path / "evidence.sqlite", 1)
    os.killpg(run.pid, signal.SIGINT)
    _, said = run.communicate(timeout=30)
    assert run.returncode == 130
    assert "Traceback" not in said
    assert "this resumes: ntk-verify run be-spread" in said.splitlines()[-1]
    with Store(tmp_path / "evidence.sqlite") as store:
        assert len(store) >= 1


@pytest.mark.skipif(os.name == "nt", reason="signals")
@pytest.mark.usefixtures("example")
@pytest.mark.parametrize("seconds", [0.0, 0.3, 0.6, 1.0])
def test_ctrl_c_while_workers_start_is_no_traceback(tmp_path: Path, seconds: float) -> None:
    run = start(tmp_path, "out", "--jobs", "2", sleep=5.0)
    assert " needed, " in run.stderr.readline()
    time.sleep(seconds)
    os.killpg(run.pid, signal.SIGINT)
    _, said = run.communicate(timeout=30)
    assert run.returncode == 130
    assert one_line(said).startswith("ntk-verify: Interrupted; the evidence finished so far is stored")


@pytest.mark.usefixtures("example")
def test_two_runs_at_once_share_a_store(tmp_path: Path) -> None:
    runs = [start(tmp_path, name, "--jobs", "1", sleep=0.1) for name in ("a", "b")]
    for run in runs:
        run.communicate()
    assert [run.returncode for run in runs] == [0, 0]
    assert results_of(tmp_path, "a") == results_of(tmp_path, "b")
    with Store(tmp_path / "evidence.sqlite") as store:
        assert len(store) == 5


def test_what_is_imported_is_followed(package) -> None:
    name = package("from verify.claim import Claim\n\n\ndef f(x):\n    return x\n")
    module = importlib.import_module(f"{name}.family")
    before = hash_reached(module.__name__)
    hash_reached.cache_clear()
    assert hash_reached(module.__name__) == before
    Path(module.__file__).write_text("def f(x):\n    return x + 1\n")
    hash_reached.cache_clear()
    assert hash_reached(module.__name__) != before


def test_decision_rules_are_not_part_of_the_code_of_evidence() -> None:
    found = reached("verify.tasks").keys()
    assert {"verify.tasks", "verify.enclosure", "verify.typeset.text", "verify.statement", "verify.evidence"} <= found
    assert {name for name in found if name.startswith("verify.decide")} == {"verify.decide.design"}


def test_a_notation_of_another_ledger_changes_no_key(claims, monkeypatch: pytest.MonkeyPatch) -> None:
    book = Ledger(list(claims.values()))
    before = set(Plan(list(claims.values()), book, profile=Profile.QUICK, seed=0).tasks)
    monkeypatch.setitem(NOTATION, "a_name_of_no_statement_here", Notation("a", "a", "a"))
    assert set(Plan(list(claims.values()), book, profile=Profile.QUICK, seed=0).tasks) == before
