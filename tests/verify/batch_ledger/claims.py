"""A bound that is decided early, one that stays undecided, and a rate that is planned from a pilot."""

import os
import time

import numpy as np
import sympy as sp

from verify.claim import Claim, Document, Form, Measurement, Mutant, Role, Source
from verify.decide.design import FailureProbability, Piloted, Scaling
from verify.experiment import Experiment, Profile
from verify.statement import Direction, ProbabilityBound, Rate
from verify.verdict import Verdict

m = sp.Symbol("m", integer=True, positive=True)
uniform, spread = sp.symbols("uniform spread", real=True)


def both(parameters, rng):
    time.sleep(float(os.environ.get("EXAMPLE_SLEEP", "0")))
    draws = parameters["draws"]
    return {
        "uniform": rng.random(draws),
        "spread": np.abs(rng.standard_normal(draws)) / np.sqrt(parameters["m"]),
    }


BATCHES = Experiment(
    id="uniforms-and-normals",
    title="Uniform draws, and standard normals over the square root of the width",
    yields="samples",
    measure=both,
    cells={profile: tuple({"m": width, "draws": 500} for width in (16, 128, 1024)) for profile in Profile},
    looks={Profile.QUICK: (1, 2, 4, 8), Profile.FULL: (1, 2, 4, 8, 16)},
    pilot=2000,
)


def source(printed):
    return Source(document=Document.BE, where="section 1", printed=printed)


def bound(level, deviation=uniform):
    return ProbabilityBound(deviation=deviation, bound=sp.Rational(9, 10), level=sp.Rational(level), width=sp.S.One)


MEASURED = (Measurement(name="draws", experiment=BATCHES),)

EARLY = Claim(
    id="be-early",
    title="A uniform number rarely exceeds nine tenths",
    source=source("$P(U > 9\\/10) <= 1\\/5$"),
    hypotheses=(),
    forms=(
        Form(
            role=Role.PRINTED,
            statement=bound("1/5"),
            routes=MEASURED,
            design=FailureProbability(at_most=0.1, source="exact"),
            mutants=(
                Mutant(
                    name="hardly ever",
                    why_false="It is a tenth.",
                    change={"level": sp.Rational(1, 100)},
                    design=FailureProbability(at_least=0.1, source="exact"),
                ),
                Mutant(
                    name="twice as much",
                    why_false="Then it exceeds it at $11\\/20$.",
                    change={"deviation": 2 * uniform},
                    design=FailureProbability(at_least=0.55, source="exact"),
                ),
            ),
        ),
    ),
    expected=Verdict.SUPPORTED,
)

NEAR = Claim(
    id="be-near",
    title="A bound so near the truth that the budget does not decide it",
    source=source("$P(U > 9\\/10) <= 21\\/200$"),
    hypotheses=(),
    forms=(
        Form(
            role=Role.PRINTED,
            statement=bound("21/200"),
            routes=MEASURED,
            design=FailureProbability(at_most=0.1, source="exact"),
            mutants=EARLY.forms[0].mutants,
        ),
    ),
    expected=Verdict.INCONCLUSIVE,
)

RATE = Claim(
    id="be-rate",
    title="The spread falls like the square root",
    source=source("$lr(|Z|) / sqrt(m) = O(m^(-1/2))$"),
    hypotheses=(),
    forms=(
        Form(
            role=Role.PRINTED,
            statement=Rate(
                quantity=spread,
                exponent=sp.Rational(-1, 2),
                direction=Direction.EXACTLY,
                margin=sp.Rational(1, 4),
                along=m,
            ),
            routes=MEASURED,
            design=Piloted(fallback=Scaling(exponent=-0.5, shape="half-normal", source="exact")),
            mutants=(
                Mutant(name="faster", why_false="It is $-1/2$.", change={"exponent": sp.Integer(-1)}),
                Mutant(name="constant", why_false="It is $-1/2$.", change={"exponent": sp.Rational(1, 2)}),
            ),
        ),
    ),
    expected=Verdict.SUPPORTED,
)

CLAIMS = (EARLY, NEAR, RATE)
