"""Inequalities along paths: they must hold at every output time, estimated errors included."""

import time
from dataclasses import replace

import numpy as np
import pytest
import sympy as sp

from verify.decide import beta, decide
from verify.decide.design import Distance, Violation
from verify.evidence import Path, PathEvidence
from verify.statement import Inequality
from verify.verdict import Verdict

t, r, lam, m, L = sp.symbols("t r lambda m L", positive=True)
r0 = sp.Symbol("r_0", positive=True)
CLAIM = Inequality(lhs=r, rhs=r0 * sp.exp(-lam * t))
TIMES = np.linspace(0.0, 10.0, 201)


def path(rate=1.0, error=1e-9, bound=0.9, replicate=0, times=TIMES, **parameters):
    """A residual that starts at 2 and decays at `rate`; it is claimed to decay at least at the rate `bound`."""
    exact = np.zeros_like(times)
    errors = np.full_like(times, error)
    errors[times == 0] = 0.0
    columns = {"t": times, "r": 2 * np.exp(-rate * times), "r_0": exact + 2, "lambda": exact + bound}
    return Path(
        parameters={"m": 64, "replicate": replicate, **parameters},
        columns={name: tuple(column.tolist()) for name, column in columns.items()},
        errors={name: tuple((errors if name == "r" else exact).tolist()) for name in columns},
    )


def paths(*members):
    return PathEvidence(experiment="e", paths=members)


@pytest.mark.parametrize(
    ("rate", "error", "verdict"),
    [
        (1.0, 1e-9, Verdict.SUPPORTED),
        (0.8, 1e-9, Verdict.REFUTED),
        (0.9, 1e-9, Verdict.INCONCLUSIVE),
        (1.0, 1e-3, Verdict.INCONCLUSIVE),
    ],
    ids=["below the bound", "above it", "on it", "errors as large as the sides"],
)
def test_the_inequality_must_be_certain_at_every_time(rate, error, verdict):
    assert decide(CLAIM, paths(path(), path(rate, error, replicate=1))).verdict is verdict


def test_sides_may_touch_where_both_are_exact():
    """At t = 0 both sides are exactly 2."""
    assert decide(CLAIM, paths(path())).verdict is Verdict.SUPPORTED
    inexact = path()
    errors = {**inexact.errors, "r": (1e-15, *inexact.errors["r"][1:])}
    decision = decide(CLAIM, paths(inexact.model_copy(update={"errors": errors})))
    assert decision.verdict is Verdict.INCONCLUSIVE
    assert "first at t = 0 on the path m = 64, replicate = 0" in decision.reason


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ({"rhs": r0 * sp.exp(-2 * lam * t)}, Verdict.REFUTED),
        ({"lhs": r**2}, Verdict.REFUTED),
        ({"lhs": r**2, "rhs": r0**2 * sp.exp(-2 * lam * t)}, Verdict.SUPPORTED),
        ({"rhs": r0 * sp.exp(-lam * t) * (1 - sp.Rational(1, 10**12))}, Verdict.REFUTED),
        ({"rhs": r0 * sp.exp(-2 * lam * t), "domain": ((t, sp.FiniteSet(0)),)}, Verdict.SUPPORTED),
        ({"rhs": r0 * sp.exp(-2 * lam * t), "domain": ((t, sp.Interval(5, 10)),)}, Verdict.REFUTED),
        ({"domain": ((m, sp.FiniteSet(64, 256)),)}, Verdict.INCONCLUSIVE),
        ({"domain": ((m, sp.FiniteSet(256)),)}, Verdict.INCONCLUSIVE),
        ({"domain": ((t, sp.Interval(20, 30)),)}, Verdict.INCONCLUSIVE),
    ],
)
def test_a_changed_slot_changes_the_verdict(change, verdict):
    assert decide(replace(CLAIM, **change), paths(path(), path(replicate=1))).verdict is verdict


def test_definitions_are_put_in():
    K = sp.Symbol("K")
    statement = Inequality(lhs=r, rhs=K, where=((K, r0 * sp.exp(-lam * t)),))
    assert decide(statement, paths(path())).verdict is Verdict.SUPPORTED


def test_the_worst_violation_is_reported_with_path_time_and_ratio():
    decision = decide(CLAIM, paths(path(), path(0.8, replicate=7)))
    says = (
        "Violated on 1 of 2 paths beyond the estimated integration error; at t = 10 on the path m = 64, replicate = 7"
    )
    assert says in decision.reason
    assert f"their ratio {np.exp(1):.6g}" in decision.reason
    assert decision.statistic.low == pytest.approx(np.exp(1), rel=1e-5)
    assert decision.statistic.claimed_high == 1


def test_a_violation_below_a_bound_of_zero_is_found_without_a_ratio():
    decision = decide(Inequality(lhs=r, rhs=sp.S.Zero), paths(path()))
    assert decision.verdict is Verdict.REFUTED
    assert decision.statistic is None


def test_what_was_not_measured_is_named():
    decision = decide(replace(CLAIM, domain=((m, sp.FiniteSet(64, 256)),)), paths(path()))
    assert "no path was measured at m = 256" in decision.reason


def test_paths_that_do_not_fit_are_an_error():
    good = path()
    with pytest.raises(ValueError, match=r"'z' in .* is neither a parameter"):
        decide(replace(CLAIM, lhs=sp.Symbol("z")), paths(good))
    with pytest.raises(ValueError, match="different lengths"):
        decide(CLAIM, paths(good.model_copy(update={"columns": {**good.columns, "r": (1.0,)}})))
    with pytest.raises(ValueError, match="not finite"):
        decide(CLAIM, paths(path(error=float("nan"))))
    with pytest.raises(ValueError, match="no bound on the error of the column 'r'"):
        decide(CLAIM, paths(good.model_copy(update={"errors": {"t": good.errors["t"]}})))


def test_a_mutant_survives_only_if_no_path_violates_it():
    three = paths(*(path(replicate=i) for i in range(3)))
    assert beta(CLAIM, three, Violation(at_least=0.9), "refuted") == pytest.approx(1e-3)
    assert beta(CLAIM, three, Violation(at_least=1.0), "refuted") == 0
    assert beta(replace(CLAIM, domain=((m, sp.FiniteSet(8)),)), three, Violation(at_least=0.9), "refuted") == 1
    for nothing in (None, Distance()):
        assert beta(CLAIM, three, nothing, "refuted") == 1


def test_a_true_statement_is_left_undecided_by_any_path_that_decides_nothing():
    three = paths(*(path(replicate=i) for i in range(3)))
    declared = Violation(at_least=0.9, undecided_at_most=1e-8)
    assert beta(CLAIM, three, declared, "upheld") == pytest.approx(3e-8, rel=1e-12)
    assert beta(CLAIM, three, replace(declared, undecided_at_most=0.5), "upheld") == 1
    assert beta(CLAIM, three, replace(declared, undecided_at_most=0.0), "upheld") == 0
    for nothing in (None, Distance(), Violation(at_least=0.9)):
        assert beta(CLAIM, three, nothing, "upheld") == 1
    for unmeasured in (sp.FiniteSet(8), sp.FiniteSet(8, 64)):
        assert beta(replace(CLAIM, domain=((m, unmeasured),)), three, declared, "upheld") == 1


def test_what_holds_is_said_to_hold_as_far_as_the_errors_are_estimated():
    reason = decide(CLAIM, paths(path(), path(replicate=1))).reason
    assert reason.startswith("Holds at all 402 output times of 2 paths, estimated integration errors included; closest")


def test_twelve_paths_of_two_hundred_times_take_no_longer_than_a_second_and_a_half():
    evidence = paths(*(path(replicate=i) for i in range(12)))
    start = time.process_time()
    decide(replace(CLAIM, domain=((t, sp.Interval(0, sp.oo)),)), evidence)
    assert time.process_time() - start < 1.5


def test_another_bound_is_drawn_beside_the_one_that_is_decided():
    """Both are about the same paths: the figure shows at which time the one fails and the other still holds."""
    printed = Inequality(lhs=r, rhs=r0 * sp.exp(-2 * lam * t))
    alone, both = (decide(printed, paths(path()), beside=beside) for beside in (None, {"corrected": CLAIM}))
    assert both.verdict is alone.verdict is Verdict.REFUTED and both.reason == alone.reason
    labels = [series.label for series in both.figures[0].series]
    assert labels == [
        "left side, m = 64, replicate = 0",
        "right side, m = 64, replicate = 0",
        "right side as corrected, m = 64, replicate = 0",
    ]
    assert "right side as corrected" in both.figures[0].caption
    left, right, other = (series.y[-1] for series in both.figures[0].series)
    assert right < left < other
