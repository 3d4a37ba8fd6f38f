"""Claims that draw in batches: each draws what it takes itself, whatever else is run, however it is computed."""

import dataclasses
import os
import signal
from pathlib import Path

import pytest
import sympy as sp
from runs import Watch, normalised, same, start, wait_for_evidence

from verify import ledger, wellformed
from verify import run as engine
from verify.claim import Claim, Form, Mutant
from verify.decide.design import Piloted, Scaling
from verify.engine import Processes
from verify.execute import gather
from verify.experiment import Profile
from verify.statement import Limit
from verify.store import Store
from verify.wellformed import FaultError

SCALING = Scaling(exponent=-0.5, shape="half-normal")


@pytest.fixture
def claims(batched: str) -> dict[str, Claim]:
    return ledger.load(batched)


@pytest.fixture
def store(tmp_path: Path):
    with Store(tmp_path / "evidence.sqlite") as store:
        yield store


@pytest.fixture
def results(claims, store):
    return {claim.id: claim for claim in engine.verify(list(claims.values()), store=store).claims}


def test_a_bound_stops_at_the_first_look_that_decides_it(results) -> None:
    (route,) = results["be-early"].routes
    assert results["be-early"].ok
    assert "Drawing stopped after" in route.evidence.reason
    assert max(int(row[1]) for row in route.evidence.table.rows) < 4000
    assert len(route.evidence.keys) < 3 * 8
    assert all(mutant.refuted and mutant.beta < 1e-10 for mutant in results["be-early"].mutants)


def test_a_clear_mutant_is_refuted_at_the_first_look(results) -> None:
    mutant = next(mutant for mutant in results["be-early"].mutants if mutant.name == "twice as much")
    assert "stopped after 500 draws a point, of 4000 allowed" in mutant.reason


def test_a_bound_too_near_the_truth_uses_up_its_budget_and_says_what_would_decide(results) -> None:
    (route,) = results["be-near"].routes
    assert results["be-near"].verdict.value == "INCONCLUSIVE"
    assert {row[1] for row in route.evidence.table.rows} == {"4000"}
    assert "would decide it if the frequency stays where it is" in route.evidence.reason
    assert len(route.evidence.keys) == 3 * 8
    assert route.beta > 0.9, "the design says beforehand that the budget will not do"
    looks = route.evidence.figures[1]
    assert (looks.x_label, looks.series[0].x) == ("draws", (500.0, 1000.0, 2000.0, 4000.0))


def test_a_rate_draws_what_its_pilot_plans(results) -> None:
    (route,) = results["be-rate"].routes
    assert results["be-rate"].ok
    assert route.beta == 1e-10
    assert "draws at each width were planned from a pilot of 2000, which is not counted." in route.evidence.reason
    draws = {int(row[1]) for row in route.evidence.table.rows}
    assert draws in ({2000}, {4000})
    assert len(route.evidence.keys) == 3 + 3 * draws.pop() / 500


def test_a_statement_draws_the_same_whatever_else_is_run(claims, results, tmp_path: Path) -> None:
    for name, claim in claims.items():
        with Store(tmp_path / f"{name}.sqlite") as alone:
            (found,) = engine.verify([claim], store=alone).claims
        assert [route.evidence for route in found.routes] == [route.evidence for route in results[name].routes]
        assert found.mutants == results[name].mutants


def test_batches_are_shared(claims, store) -> None:
    watch = Watch()
    engine.verify(list(claims.values()), store=store, progress=watch)
    assert len(watch.computed) == len(set(watch.computed)) == watch.total == 3 * (1 + 8)


def test_neither_workers_nor_stored_evidence_make_a_difference(claims, store, tmp_path: Path) -> None:
    one = engine.verify(list(claims.values()), store=store)
    watch = Watch()
    assert same(one, engine.verify(list(claims.values()), store=store, progress=watch))
    assert (watch.computed, watch.stored) == ([], watch.total)
    assert same(one, engine.verify(list(claims.values()), store=store, fresh=True))
    with Store(tmp_path / "other.sqlite") as other, Processes(2) as workers:
        assert same(one, engine.verify(list(claims.values()), store=other, engine=workers))


@pytest.mark.usefixtures("batched")
def test_a_run_killed_between_batches_resumes_to_the_same_results(tmp_path: Path) -> None:
    killed = start(tmp_path, "killed", "--jobs", "1", sleep=0.3, claim="be-near")
    wait_for_evidence(tmp_path / "evidence.sqlite", 5)
    os.kill(killed.pid, signal.SIGKILL)
    killed.communicate()
    with Store(tmp_path / "evidence.sqlite") as store:
        assert 5 <= len(store) < 24
    texts = []
    for name, kept in (("resumed", "evidence.sqlite"), ("whole", "whole.sqlite")):
        start(tmp_path, name, "--jobs", "1", store=kept, claim="be-near").communicate()
        texts.append(normalised((tmp_path / name / "results.json").read_text()))
    assert texts[0] == texts[1]


def test_what_fails_on_the_way_is_an_error_of_that_route(claims, store, monkeypatch) -> None:
    def lose(tasks, *arguments, **settings):
        outcomes = gather(tasks, *arguments, **settings)
        return {
            name: dataclasses.replace(outcome, piece=None, error="lost") if tasks[name].batch == 5 else outcome
            for name, outcome in outcomes.items()
        }

    monkeypatch.setattr(engine, "gather", lose)
    found = {claim.id: claim for claim in engine.verify(list(claims.values()), store=store).claims}
    assert found["be-near"].verdict.value == "ERROR"
    assert "lost" in found["be-near"].routes[0].evidence.reason
    assert all(mutant.refuted for mutant in found["be-early"].mutants), "they stopped before"


def with_experiment(claim: Claim, **change: object) -> Claim:
    (form,) = claim.forms
    (route,) = form.routes
    experiment = dataclasses.replace(route.experiment, **change)
    return with_form(claim, routes=(dataclasses.replace(route, experiment=experiment),))


def with_form(claim: Claim, **change: object) -> Claim:
    form: Form = dataclasses.replace(claim.forms[0], **change)
    return dataclasses.replace(claim, forms=(form,))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"looks": {Profile.QUICK: (1, 2)}}, "for every profile"),
        ({"looks": dict.fromkeys(Profile, (2, 2))}, r"increasing numbers of batches from 1 on, found \(2, 2\)"),
        ({"looks": dict.fromkeys(Profile, (0, 2))}, "increasing numbers of batches"),
        ({"looks": dict.fromkeys(Profile, ())}, "increasing numbers of batches"),
        ({"looks": {}}, "it needs looks"),
        ({"pilot": -1}, "is a number of draws"),
        ({"yields": "paths"}, "only samples come in batches"),
        ({"cells": dict.fromkeys(Profile, ({"m": 16},))}, "name the draws of one batch"),
        ({"cells": dict.fromkeys(Profile, ({"m": 16, "draws": 5, "batch": 0},))}, "name a 'batch'"),
        (
            {"cells": dict.fromkeys(Profile, ({"m": 16, "draws": 5},) * 2)},
            "two are the same in quick",
        ),
        ({"cells": dict.fromkeys(Profile, tuple({"m": 16, "draws": n} for n in (5, 6)))}, "two have one pilot"),
    ],
)
def test_looks_that_are_none_are_named(claims, change, message) -> None:
    with pytest.raises(FaultError, match=message):
        wellformed.experiments([with_experiment(claims["be-rate"], **change)])


def test_a_pilot_plans_no_probability_bound_and_has_to_be_there(claims) -> None:
    with pytest.raises(FaultError, match="a probability bound stops as it draws"):
        wellformed.check(with_form(claims["be-early"], design=Piloted(fallback=SCALING)))
    with pytest.raises(FaultError, match="'uniforms-and-normals' has no pilot"):
        wellformed.check(with_experiment(claims["be-rate"], pilot=0))


def test_other_statements_draw_the_budget(claims, store) -> None:
    """A design that is known beforehand plans nothing while drawing."""
    mutants = tuple(dataclasses.replace(mutant) for mutant in claims["be-rate"].forms[0].mutants)
    claim = with_form(claims["be-rate"], design=None, mutants=mutants)
    (found,) = engine.verify([claim], store=store).claims
    assert {row[1] for row in found.routes[0].evidence.table.rows} == {"4000"}
    assert found.routes[0].beta == 1


def test_a_pilot_that_finds_no_look_sufficient_leaves_the_power_to_the_fallback(claims, store) -> None:
    results = engine.verify([with_experiment(claims["be-rate"], pilot=100)], store=store)
    ((route,),) = (claim.routes for claim in results.claims)
    told = "A pilot of 100 draws at each width, which is not counted, found no look sufficient: all of the 4000 draws"
    assert told in route.evidence.reason
    assert (route.verdict.value, route.beta) == ("SUPPORTED", 1e-10)
    assert results.summary.green


def test_a_limit_falls_back_on_a_centred_design(claims) -> None:
    statement = Limit(quantity=sp.Symbol("spread"), value=sp.S.Zero, tolerance=sp.S.Half, along=sp.Symbol("m"))
    mutants = tuple(
        Mutant(name=name, why_false="It is 0.", change={"value": value})
        for name, value in (("one", sp.S.One), ("two", sp.Integer(2)))
    )
    with pytest.raises(FaultError, match="fallback: of a limit is Centred"):
        wellformed.check(with_form(claims["be-rate"], statement=statement, mutants=mutants))
