"""Which networks are biased towards simple functions: where the variance of a network's output sits on the cube."""

import sympy as sp

from verify.claim import Claim, Document, Form, Mutant, Role, Source
from verify.ledger._cube_spectra import (
    BEYOND_SEVEN,
    SPECTRUM,
    L,
    among,
    b,
    ck,
    d,
    eigenvalue,
    k,
    ntk,
    on_the_grid,
    w,
)
from verify.statement import Inequality
from verify.verdict import Verdict

_ZEROTH = ck("relu", L, w, b, d, 0)
_LARGEST = (
    among(L, 1, 2, 4, 8),
    among(w, 2),
    among(b, 0, 2),
    among(d, 7, 128),
    among(k, 1, 2, 3, 4, 5, 6, 7),
)
_ANY_BIAS = (among(L, 1, 2, 4, 8), among(w, 2), among(b, 0, 1, 2), among(d, 7, 128))
_BIASES = (among(L, 1, 2, 4, 8), among(w, 1, 2, 4), (b, sp.FiniteSet(w, 2 * w)), among(d, 7, 128))
_TRAINED = (among(L, 1, 2, 4, 8), among(w, 1, 2), (b, sp.FiniteSet(w, 2 * w)), among(d, 7, 128))

IM_CLAIM_RELU_SIMPLE = Claim(
    id="im-claim-relu-simple",
    title="ReLU networks are biased towards almost constant functions if their biases weigh as much as their weights",
    source=Source(
        document=Document.IM,
        where="section 3, paragraph after the sample of the Gaussian process",
        printed="if one of the eigenvalues is much larger than the others, the sample will typically just be the "
        "corresponding eigenfunction slightly perturbed, and in the case of ReLU activation networks, this is the case "
        "leading to learning simple functions rather than a wider variety.",
    ),
    hypotheses=(
        SPECTRUM,
        "Read as: the eigenvalue $mu_0$ of the constant function is at least $d\\/4$ times as large as any other, and "
        "a sample is that eigenfunction slightly perturbed if at least half of its variance is there. " + BEYOND_SEVEN,
        "Without biases $sigma_w^2$ is but a factor of the kernel.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="One of the eigenvalues is much larger than the others: so it is, with biases and without.",
            statement=Inequality(
                lhs=eigenvalue(ntk("relu", L, w, b, d, k)), rhs=4 * ntk("relu", L, w, b, d, 0) / d, domain=_LARGEST
            ),
            routes=(on_the_grid(_LARGEST),),
            mutants=(
                Mutant(
                    name="for erf",
                    why_false="Without biases erf has $mu_0 = 0$.",
                    change={"lhs": eigenvalue(ntk("erf", L, w, b, d, k)), "rhs": 4 * ntk("erf", L, w, b, d, 0) / d},
                ),
                Mutant(
                    name="the eigenvalue at degree 1 is the largest",
                    why_false="That at degree 0 is larger.",
                    change={"rhs": eigenvalue(ntk("relu", L, w, b, d, 1)), "lhs": ntk("relu", L, w, b, d, 0)},
                ),
            ),
        ),
        Form(
            role=Role.PRINTED,
            remark="And a sample is typically that eigenfunction slightly perturbed: not without biases, where one "
            "hidden layer leaves it 32 % of the variance, in large dimension, and half goes to the linear functions.",
            statement=Inequality(lhs=sp.Rational(1, 2), rhs=_ZEROTH, domain=_ANY_BIAS),
            routes=(on_the_grid(_ANY_BIAS),),
        ),
        Form(
            role=Role.CORRECTED,
            remark="With biases of at least the weights' variance two thirds of the variance of the CK are there.",
            statement=Inequality(lhs=sp.Rational(2, 3), rhs=_ZEROTH, domain=_BIASES),
            routes=(on_the_grid(_BIASES),),
            mutants=(
                Mutant(
                    name="without biases",
                    why_false="One hidden layer then has 32 to 34 %.",
                    change={"rhs": ck("relu", L, w, 0, d, 0)},
                ),
                Mutant(
                    name="for erf without biases",
                    why_false="An odd function has no constant part.",
                    change={"rhs": ck("erf", L, w, 0, d, 0)},
                ),
                Mutant(
                    name="the linear functions",
                    why_false="They have at most 27 %.",
                    change={"rhs": ck("relu", L, w, b, d, 1)},
                ),
            ),
        ),
        Form(
            role=Role.CORRECTED,
            remark="Of the NTK it is half, for weights of variance 1 and 2.",
            statement=Inequality(lhs=sp.Rational(1, 2), rhs=ntk("relu", L, w, b, d, 0), domain=_TRAINED),
            routes=(on_the_grid(_TRAINED),),
            mutants=(
                Mutant(
                    name="with half the variance in the biases",
                    why_false="With $sigma_w^2 = 2$ and $sigma_b^2 = 1$ one hidden layer has 45 to 46 %.",
                    change={"rhs": ntk("relu", L, w, b / 2, d, 0)},
                ),
                Mutant(
                    name="without biases",
                    why_false="One hidden layer then has 16 to 20 %.",
                    change={"rhs": ntk("relu", L, w, 0, d, 0)},
                ),
            ),
        ),
    ),
    expected=Verdict.REFUTED,
    note="The largest eigenvalue is far larger than each other one, yet there are $binom(d, k)$ of each of these. That "
    "biases exist is not enough either: with $sigma_w^2 = 2$, $sigma_b^2 = 1\\/10$ and one hidden layer it is 37 % at "
    "$d = 128$. Depth helps the CK: without biases 97 % at 32 layers, but 30 % for the NTK.",
)

_WHITE = (among(L, 32, 64, 128), among(k, 1, 3, 5, 7))
_DEEPER = (among(d, 24, 128), among(L, 1, 2, 4, 8, 16))
_OTHER = (among(d, 7, 24, 128), among(L, 1, 2, 4, 8))
_WIDER = (among(d, 24, 128), among(L, 2, 4, 8, 16))
_STEEP = ck("erf", L, 4, 0, d, 1)
_NINE_TENTHS = sp.Rational(9, 10)


def _excess(activation: str, variance: int, depth: sp.Expr) -> sp.Expr:
    """How far the eigenvalue at degree k is from that of white noise on the odd functions, in units of it."""
    return sp.Abs(64 * eigenvalue(ck(activation, depth, variance, 0, 7, k)) - 1)


IM_CLAIM_BIAS_NOT_UNIVERSAL = Claim(
    id="im-claim-bias-not-universal",
    title="Some networks have no simplicity bias: it depends on depth, nonlinearity and variance",
    source=Source(
        document=Document.IM,
        where="section 3, first paragraph",
        printed="the simplicity bias does not always exist and that any bias depends on the depth of a network, the "
        "nonlinearity, and the sampling variance which are the properties that determine the NTK.",
    ),
    hypotheses=(
        SPECTRUM,
        "No bias: the eigenvalues that do not vanish by parity are equal to within 5 %, as those of white noise are.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="It does not always exist: erf with $sigma_w^2 = 4$, without biases, from 32 layers on, where every "
            "parity function of odd degree has $1\\/64$ of the variance.",
            statement=Inequality(lhs=_excess("erf", 4, L), rhs=sp.Rational(1, 20), domain=_WHITE),
            routes=(on_the_grid(_WHITE),),
            mutants=(
                Mutant(
                    name="for the ReLU",
                    why_false="Deep ReLU networks are almost constant.",
                    change={"lhs": _excess("relu", 4, L)},
                ),
                Mutant(
                    name="with $sigma_w^2 = 1$",
                    why_false="Then the linear functions have most of the variance.",
                    change={"lhs": _excess("erf", 1, L)},
                ),
                Mutant(
                    name="with one layer",
                    why_false="Then the linear functions have most of the variance.",
                    change={"lhs": _excess("erf", 4, sp.Integer(1))},
                ),
            ),
        ),
        Form(
            role=Role.PRINTED,
            remark="It depends on the depth: twice as many layers take a tenth or more of the linear functions' part.",
            statement=Inequality(lhs=ck("erf", 2 * L, 4, 0, d, 1), rhs=_NINE_TENTHS * _STEEP, domain=_DEEPER),
            routes=(on_the_grid(_DEEPER),),
            mutants=(
                Mutant(
                    name="the bias does not depend on the depth",
                    why_false="The part of the linear functions falls with the depth.",
                    change={"lhs": _STEEP},
                ),
                Mutant(
                    name="with $sigma_w^2 = 1\\/4$",
                    why_false="Then depth changes next to nothing.",
                    change={
                        "lhs": ck("erf", 2 * L, sp.Rational(1, 4), 0, d, 1),
                        "rhs": _NINE_TENTHS * ck("erf", L, sp.Rational(1, 4), 0, d, 1),
                    },
                ),
            ),
        ),
        Form(
            role=Role.PRINTED,
            remark="On the nonlinearity: the ReLU gives the constants three tenths of the variance or more, erf "
            "nothing.",
            statement=Inequality(
                lhs=sp.Rational(3, 10), rhs=ck("relu", L, 2, 0, d, 0) - ck("erf", L, 2, 0, d, 0), domain=_OTHER
            ),
            routes=(on_the_grid(_OTHER),),
            mutants=(
                Mutant(
                    name="the other way round",
                    why_false="erf has none.",
                    change={"rhs": ck("erf", L, 2, 0, d, 0) - ck("relu", L, 2, 0, d, 0)},
                ),
                Mutant(
                    name="at degree 1",
                    why_false="There erf has more.",
                    change={"rhs": ck("relu", L, 2, 0, d, 1) - ck("erf", L, 2, 0, d, 1)},
                ),
            ),
        ),
        Form(
            role=Role.PRINTED,
            remark="On the variance: four times that of the weights takes a tenth or more from the linear part.",
            statement=Inequality(lhs=_STEEP, rhs=_NINE_TENTHS * ck("erf", L, 1, 0, d, 1), domain=_WIDER),
            routes=(on_the_grid(_WIDER),),
            mutants=(
                Mutant(
                    name="the other way round",
                    why_false="The part falls with the variance.",
                    change={"lhs": ck("erf", L, 1, 0, d, 1), "rhs": _NINE_TENTHS * _STEEP},
                ),
                Mutant(
                    name="for the ReLU",
                    why_false="Without biases the variance is but a factor of its kernel.",
                    change={"lhs": ck("relu", L, 4, 0, d, 1), "rhs": _NINE_TENTHS * ck("relu", L, 1, 0, d, 1)},
                ),
            ),
        ),
    ),
    expected=Verdict.CERTIFIED,
    note="The existence is certified at the networks named; the dependences hold at every network of the grids.",
)

CLAIMS = (IM_CLAIM_RELU_SIMPLE, IM_CLAIM_BIAS_NOT_UNIVERSAL)
