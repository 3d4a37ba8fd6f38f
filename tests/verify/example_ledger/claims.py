"""Four tiny claims: an identity, a rate, an erratum and one that cannot be tested."""

import os
import time

import numpy as np
import sympy as sp

from derivations import check
from derivations.chain import Chain
from verify.claim import Certificate, Claim, Derivation, Document, Form, Measurement, Mutant, Role, Source
from verify.decide.design import Scaling
from verify.experiment import Experiment, Profile
from verify.statement import Direction, Identity, Rate
from verify.verdict import Verdict

t = sp.Symbol("t", real=True)
m = sp.Symbol("m", integer=True, positive=True)
spread = sp.Symbol("spread", real=True)
POINTS = ({t: sp.Rational(1, 2)}, {t: sp.Integer(2)}, {t: sp.Integer(-3)})


def derive(statement):
    if statement.rhs.has(sp.tan):
        raise ValueError("the derivation does not know the tangent")
    return Chain(steps=(check.identity("expand", "Expand.", statement.lhs, statement.rhs),))


def normal(parameters, rng):
    time.sleep(float(os.environ.get("EXAMPLE_SLEEP", "0")))
    if victim := os.environ.get("EXAMPLE_DIE"):
        _die_once(victim)
    if os.environ.get("EXAMPLE_DEADLY_WIDTH") == str(parameters["m"]):
        os._exit(9)
    return {"spread": np.abs(rng.standard_normal(parameters["draws"])) / np.sqrt(parameters["m"])}


def _die_once(victim):
    try:
        os.close(os.open(victim, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return
    os._exit(9)


NORMAL = Experiment(
    id="normal-over-root-m",
    title="Standard normals over the square root of the width",
    yields="samples",
    measure=normal,
    cells={
        Profile.QUICK: tuple({"m": 4**k, "draws": 2000} for k in range(2, 7)),
        Profile.FULL: tuple({"m": 4**k, "draws": 4000} for k in range(2, 7)),
    },
)


def source(document, printed):
    return Source(document=document, where="section 1", printed=printed)


SQUARE = Claim(
    id="im-square",
    title="The square of a sum",
    source=source(Document.IM, "$(t + 1)^2 = t^2 + 2 t + 1$"),
    hypotheses=("$t$ is real.",),
    forms=(
        Form(
            role=Role.PRINTED,
            statement=Identity(lhs=(t + 1) ** 2, rhs=t**2 + 2 * t + 1, domain=((t, sp.S.Reals),)),
            routes=(
                Derivation(name="expansion", derive=derive, spots=POINTS[:1]),
                Certificate(name="balls", points=POINTS),
            ),
            mutants=(
                Mutant(name="no cross term", why_false="$2 t != 0$.", change={"rhs": t**2 + 1}),
                Mutant(name="off by one", why_false="$1 != 2$.", change={"rhs": t**2 + 2 * t + 2}),
            ),
        ),
    ),
    expected=Verdict.PROVED,
)

SPREAD = Claim(
    id="be-spread",
    title="The spread falls like the square root",
    source=source(Document.BE, "$lr(|Z|) / sqrt(m) = O(m^(-1/2))$"),
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
            routes=(Measurement(name="normals", experiment=NORMAL),),
            design=Scaling(exponent=-0.5, shape="half-normal", source="exact"),
            mutants=(
                Mutant(name="faster", why_false="It is $-1/2$.", change={"exponent": sp.Integer(-1)}),
                Mutant(name="constant", why_false="It is $-1/2$.", change={"exponent": sp.Integer(0)}),
            ),
        ),
    ),
    expected=Verdict.SUPPORTED,
)

SIGN = Claim(
    id="kw-sign",
    title="A sign misprinted",
    source=source(Document.KW, "$t^2 - 1 = (t + 1)^2$"),
    hypotheses=("$t$ is real.",),
    forms=(
        Form(
            role=Role.PRINTED,
            statement=Identity(lhs=t**2 - 1, rhs=(t + 1) ** 2, domain=((t, sp.S.Reals),)),
            routes=(Certificate(name="balls", points=POINTS),),
        ),
        Form(
            role=Role.CORRECTED,
            statement=Identity(lhs=t**2 - 1, rhs=(t + 1) * (t - 1), domain=((t, sp.S.Reals),)),
            routes=(Derivation(name="expansion", derive=derive, spots=POINTS[:1]),),
            mutants=(Mutant(name="plus", why_false="$-1 != 1$.", change={"rhs": (t + 1) * (t - 1) + 2}),),
        ),
    ),
    expected=Verdict.REFUTED,
)

PROSE = Claim(
    id="ds-prose",
    title="An opinion",
    source=source(Document.DS, "Kernels are nice."),
    hypotheses=(),
    forms=(),
    expected=Verdict.UNTESTABLE,
    note="It is an opinion.",
)

CLAIMS = (PROSE, SIGN, SPREAD, SQUARE)
