"""Numbers of batches planned from a pilot: the power is a theorem, and no draw of the pilot decides."""

from dataclasses import replace

import numpy as np
import pytest
import sympy as sp
from scipy.stats import binom

from verify.decide import batches, beta, decide
from verify.decide.design import Centred, Piloted, Scaling
from verify.evidence import Cell, SampleEvidence
from verify.statement import Direction, Limit, Ordering, Rate, Trend
from verify.verdict import Verdict

m = sp.Symbol("m", integer=True, positive=True)
x = sp.Symbol("x", real=True)
WIDTHS, BATCH, LOOKS = (16, 128, 1024), 250, (1, 2, 4, 8, 16)
SIZES = {(("m", width),): BATCH for width in WIDTHS}
RATE = Rate(quantity=x, exponent=sp.Rational(-1, 2), direction=Direction.EXACTLY, margin=sp.Rational(1, 4), along=m)
LIMIT = Limit(quantity=x, value=sp.S.Zero, tolerance=sp.Rational(1, 4), along=m)
CLOSE = replace(LIMIT, tolerance=sp.Rational(1, 36))
ORDERING = Ordering(quantity=x, trend=Trend.DECREASING, along=m)
SETTINGS = {"alpha": 0.05, "budget": 0.05}
DESIGN = Piloted(fallback=Scaling(exponent=-0.5, shape="half-normal"))
CENTRED = Piloted(fallback=Centred(centre=sp.S.Zero, scale=1.0))


def evidence(law, seed, *, pilot, number=0, root=True):
    """A pilot of so many draws, and so many batches, of a law over the square root of the width."""
    rng = np.random.default_rng(seed)

    def cell(width, draws, **more):
        values = law(rng, draws) / (np.sqrt(width) if root else 1)
        return Cell.model_construct(parameters={"m": width, "draws": draws, **more}, columns={"x": values})

    return SampleEvidence.model_construct(
        experiment="simulated",
        cells=tuple(cell(width, BATCH, batch=b) for width in WIDTHS for b in range(number)),
        looks=LOOKS,
        pilot=tuple(cell(width, pilot, pilot=1) for width in WIDTHS if pilot),
        sufficient=True,
    )


def together(plan, draws):
    return draws.model_copy(update={"pilot": plan.pilot})


def half_normal(rng, n):
    return np.abs(rng.standard_normal(n))


def normal(rng, n):
    return rng.standard_normal(n)


@pytest.mark.parametrize(
    ("statement", "pilot"), [(RATE, 800), (LIMIT, 300), (ORDERING, 800)], ids=["rate", "limit", "ordering"]
)
def test_the_power_planned_is_reached_whatever_the_law(laws, statement, pilot):
    """Runs whose pilot finds a look sufficient, and which then come to another verdict, are as rare as the budget."""
    law = {Limit: (normal,)}.get(type(statement), laws)
    planned = missed = 0
    for seed in range(200):
        plan = evidence(law[seed % len(law)], [seed, 0], pilot=pilot)
        number = batches(statement, plan, SIZES, "upheld", **SETTINGS)
        if number is None:
            continue
        drawn = together(plan, evidence(law[seed % len(law)], [seed, 1], pilot=0, number=number))
        planned += 1
        missed += decide(statement, drawn, alpha=0.05).verdict is not Verdict.SUPPORTED
    assert planned >= 100
    assert missed <= binom.isf(1e-6, 200, 0.05)


@pytest.mark.parametrize(
    ("statement", "law", "design", "pilot"),
    [(RATE, half_normal, DESIGN, 100), (CLOSE, normal, CENTRED, 120), (ORDERING, half_normal, DESIGN, 100)],
    ids=["rate", "limit", "ordering"],
)
def test_the_power_declared_is_reached_whether_or_not_the_pilot_finds_a_look_sufficient(statement, law, design, pilot):
    """Small pilots, many of which find none: no seed may turn that into a run without power."""
    numbers = []
    missed = 0
    for seed in range(200):
        plan = evidence(law, [seed, 0], pilot=pilot)
        numbers.append(batches(statement, plan, SIZES, "upheld", **SETTINGS))
        drawn = together(plan, evidence(law, [seed, 1], pilot=0, number=numbers[-1] or LOOKS[-1]))
        assert beta(statement, drawn, design, "upheld", **SETTINGS) == 0.05
        missed += decide(statement, drawn, alpha=0.05).verdict is not Verdict.SUPPORTED
    assert 20 <= numbers.count(None) <= 180
    assert missed <= binom.isf(1e-6, 200, 0.05)


def test_a_fallback_without_power_at_the_last_look_promises_none_whatever_the_pilot_finds():
    plan = evidence(half_normal, 0, pilot=2000)
    number = batches(RATE, plan, SIZES, "upheld", **SETTINGS)
    drawn = together(plan, evidence(half_normal, 1, pilot=0, number=number))
    assert beta(RATE, drawn, DESIGN, "upheld", **SETTINGS) == 0.05
    for other in (
        Scaling(exponent=-0.5, shape="log-normal", log_sd=30.0),
        Scaling(exponent=0, shape="half-normal"),
        Scaling(exponent=-0.5, shape="half-normal", drift=0.3),
    ):
        assert beta(RATE, drawn, Piloted(fallback=other), "upheld", **SETTINGS) == 1
    assert beta(LIMIT, drawn, DESIGN, "upheld", **SETTINGS) == 1, "a scaling says nothing about a limit"


def test_the_smallest_look_that_suffices_is_planned():
    plan = evidence(half_normal, 0, pilot=2000)
    number = batches(RATE, plan, SIZES, "upheld", alpha=1e-6, budget=1e-6)
    assert number in LOOKS[1:]
    for look in LOOKS:
        drawn = together(plan, evidence(half_normal, 1, pilot=0, number=look))
        power = beta(RATE, drawn, DESIGN, "upheld", alpha=1e-6, budget=1e-6)
        assert power == (1e-6 if look >= number else 1)


def test_a_mutant_has_a_plan_of_its_own():
    plan = evidence(half_normal, 0, pilot=2000)
    mutant = Rate(quantity=x, exponent=sp.S.One, direction=Direction.EXACTLY, margin=RATE.margin, along=m)
    assert batches(mutant, plan, SIZES, "upheld", **SETTINGS) is None
    assert batches(mutant, plan, SIZES, "refuted", **SETTINGS) < batches(RATE, plan, SIZES, "upheld", alpha=1e-9)


def test_after_a_small_pilot_all_is_drawn_and_nothing_less_has_power():
    assert batches(RATE, evidence(half_normal, 0, pilot=30), SIZES, "upheld", alpha=1e-9) is None
    for number in LOOKS:
        drawn = evidence(half_normal, 0, pilot=30, number=number)
        assert beta(RATE, drawn, DESIGN, "upheld") == (1e-10 if number == LOOKS[-1] else 1)


def test_a_larger_pilot_saves_draws():
    numbers = [
        batches(RATE, evidence(half_normal, 0, pilot=pilot), SIZES, "upheld", alpha=1e-4, budget=1e-4)
        for pilot in (1000, 8000)
    ]
    assert numbers[1] < numbers[0]


def test_the_pilot_decides_nothing():
    """A pilot of another law changes the plan, and neither verdict nor interval."""
    drawn = evidence(half_normal, 0, pilot=0, number=8)
    right, wrong = (together(evidence(half_normal, 1, pilot=1000, root=root), drawn) for root in (True, False))
    with_right, with_wrong = decide(RATE, right, alpha=0.05), decide(RATE, wrong, alpha=0.05)
    assert (with_right.verdict, with_right.statistic, with_right.table) == (
        with_wrong.verdict,
        with_wrong.statistic,
        with_wrong.table,
    )
    assert beta(RATE, right, DESIGN, "upheld", **SETTINGS) == 0.05
    assert beta(RATE, wrong, DESIGN, "upheld", **SETTINGS) == 1, "it does not plan these draws"


def test_the_power_depends_on_the_pilot_and_the_number_of_draws_alone():
    plan = evidence(half_normal, 0, pilot=1000)
    powers = set()
    for seed, root in ((1, True), (2, False)):
        drawn = together(plan, evidence(half_normal, seed, pilot=0, number=8, root=root))
        powers.add(beta(RATE, drawn, DESIGN, "upheld", **SETTINGS))
    assert powers == {0.05}


def test_without_a_pilot_the_design_declares_no_power():
    assert beta(RATE, evidence(half_normal, 0, pilot=0, number=16), DESIGN, "upheld", **SETTINGS) == 1
