"""What the theorem on the dimensions of eigenspaces needs: a count from zero, and a kernel that has every degree."""

import sympy as sp

from verify.claim import Claim, Form, Mutant, Role
from verify.ledger._eigenspaces import (
    NETWORKS,
    ODD,
    SHALLOW_RELU,
    Definitions,
    Network,
    d,
    described,
    furthest,
    grid,
    k,
    over,
    sizes,
    to_leading_order,
)
from verify.ledger.eigenspace_dimensions import FROM_ZERO, SOURCE
from verify.statement import Inequality
from verify.verdict import Verdict

Sizes = tuple[tuple[sp.Expr, ...], Definitions]
_HALF = sp.Rational(1, 2)
_LARGE, _FIRST = (64, 128, 256), (1, 2, 3, 4)
_FEW = NETWORKS[:1] + NETWORKS[3:4]


def _of_both(networks: tuple[Network, ...], shift: int = 0) -> Sizes:
    """The dimensions on the cube and on the sphere, `shift` places further up."""
    both = [sizes(inputs, networks)[1] for inputs in ("cube", "sphere")]
    meanings = [meaning.subs(k, k - shift) for definitions in both for _, meaning in definitions]
    names = [sp.Function(f"D_{i}")(d, k) for i in range(1, len(meanings) + 1)]
    return tuple(names), tuple(zip(names, meanings, strict=True))


_FROM_ONE, _FROM_ZERO = _of_both(_FEW, shift=1), _of_both(_FEW)
_BOTH = "$D_1$ and $D_2$ on the cube, $D_3$ and $D_4$ on the sphere: " + described(_FEW) + "."

IM_INDEX = Claim(
    id="im-thm-eigdim-index",
    title="The count of the eigenvalues begins at zero",
    source=SOURCE,
    hypotheses=(
        _BOTH,
        "'The $k$th largest' for $k > 0$: the largest is the one at $k = 1$.",
        "As printed the dimension differs from $d^k\\/k!$ by less than any part of it once $d$ is large: here, by no "
        "more than half of it for $d >= 64$.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="Counted from one.",
            statement=Inequality(
                lhs=furthest(to_leading_order(_FROM_ONE[0], k)),
                rhs=_HALF,
                where=_FROM_ONE[1],
                domain=over(_LARGE, _FIRST),
            ),
            routes=grid(_LARGE, _FIRST),
        ),
        Form(
            role=Role.CORRECTED,
            remark="Counted from zero, with a rate.",
            statement=Inequality(
                lhs=furthest(to_leading_order(_FROM_ZERO[0], k)),
                rhs=k * (k - 1) / d,
                where=_FROM_ZERO[1],
                domain=over(_LARGE, (0, *_FIRST)),
            ),
            routes=grid(_LARGE, (0, *_FIRST)),
            mutants=(
                Mutant(
                    name="one place further down",
                    why_false="The second largest eigenvalue has $d$ dimensions, not 1.",
                    change={"lhs": furthest(to_leading_order(tuple(n.subs(k, k + 1) for n in _FROM_ZERO[0]), k))},
                ),
                Mutant(
                    name="without k!",
                    why_false="For $k = 2$ the dimension is about half of $d^2$.",
                    change={"lhs": furthest(tuple(size / d**k for size in _FROM_ZERO[0]))},
                ),
            ),
        ),
        Form(
            role=Role.CORRECTED,
            remark="Counted from one, the dimension is $d^(k - 1)\\/(k - 1)!$ to leading order.",
            statement=Inequality(
                lhs=furthest(to_leading_order(_FROM_ONE[0], k - 1)),
                rhs=(k - 1) * (k - 2) / d,
                where=_FROM_ONE[1],
                domain=over(_LARGE, _FIRST),
            ),
            routes=grid(_LARGE, _FIRST),
            mutants=(
                Mutant(
                    name="d^k/k!",
                    why_false="The largest eigenvalue has one dimension, not $d$.",
                    change={"lhs": furthest(to_leading_order(_FROM_ONE[0], k))},
                ),
                Mutant(
                    name="at a rate of one over d²",
                    why_false="For $k = 3$ the difference is about $1\\/d$.",
                    change={"rhs": (k - 1) * (k - 2) / d**2},
                ),
            ),
        ),
    ),
    expected=Verdict.REFUTED,
    note="The eigenfunction of the largest eigenvalue is a constant: one dimension, $d^0\\/0!$. The paper that is "
    "reviewed counts the degree of the polynomials, from zero.",
)

_NO_EVEN, _NO_ODD = _of_both(ODD), _of_both(SHALLOW_RELU)
_AT_ODD = (0, 1, 2)
_AT_EVEN = (2, 3, 4)
_WITH = _of_both((NETWORKS[0], NETWORKS[3]))


def _missing(remark: str, found: Sizes, places: tuple[int, ...]) -> Form:
    return Form(
        role=Role.PRINTED,
        remark=remark,
        statement=Inequality(
            lhs=furthest(to_leading_order(found[0], k)), rhs=_HALF, where=found[1], domain=over(_LARGE, places)
        ),
        routes=grid(_LARGE, places),
    )


def _degrees(remark: str, found: Sizes, degree: sp.Expr, places: tuple[int, ...], neighbour: sp.Expr) -> Form:
    return Form(
        role=Role.CORRECTED,
        remark=remark,
        statement=Inequality(
            lhs=furthest(to_leading_order(found[0], degree)),
            rhs=degree * (degree - 1) / d,
            where=found[1],
            domain=over(_LARGE, places),
        ),
        routes=grid(_LARGE, places),
        mutants=(
            Mutant(
                name="the degrees that are missing",
                why_false="They have the eigenvalue zero, the smallest.",
                change={"lhs": furthest(to_leading_order(found[0], neighbour))},
            ),
            Mutant(
                name="with biases",
                why_false="No degree is missing then.",
                change={"where": tuple(zip(found[0], (m for _, m in _WITH[1]), strict=True))},
            ),
            Mutant(
                name="every degree",
                why_false="Every second degree is missing.",
                change={"lhs": furthest(to_leading_order(found[0], k))},
            ),
        ),
    )


IM_ACTIVATION = Claim(
    id="im-thm-eigdim-activation",
    title="The theorem needs a kernel in which no degree is missing",
    source=SOURCE,
    hypotheses=(
        "'For both the CK and NTK', whatever the activation and the variances. " + FROM_ZERO,
        "$D_1$, $D_2$ on the cube and $D_3$, $D_4$ on the sphere. Erf: " + described(ODD) + ". ReLU: "
        f"{described(SHALLOW_RELU)}. With biases: {described((NETWORKS[0], NETWORKS[3]))}.",
        "As printed the dimension differs from $d^k\\/k!$ by less than any part of it once $d$ is large: here, by no "
        "more than half of it for $d >= 64$.",
    ),
    forms=(
        _missing("Erf without biases.", _NO_EVEN, _AT_ODD),
        _missing("One hidden layer of ReLUs without biases.", _NO_ODD, _AT_EVEN),
        _degrees("Erf without biases: the odd degrees.", _NO_EVEN, 2 * k + 1, _AT_ODD, 2 * k),
        _degrees(
            "One hidden layer of ReLUs without biases: from degree 2 on the even degrees.",
            _NO_ODD,
            2 * k - 2,
            _AT_EVEN,
            2 * k - 3,
        ),
        Form(
            role=Role.CORRECTED,
            remark="With biases: as printed.",
            statement=Inequality(
                lhs=furthest(to_leading_order(_WITH[0], k)),
                rhs=k * (k - 1) / d,
                where=_WITH[1],
                domain=over(_LARGE, _FIRST),
            ),
            routes=grid(_LARGE, _FIRST),
            mutants=(
                Mutant(
                    name="the odd degrees alone",
                    why_false="The even ones are there with biases.",
                    change={"lhs": furthest(to_leading_order(_WITH[0], 2 * k + 1))},
                ),
                Mutant(
                    name="erf without biases",
                    why_false="Its even degrees are missing.",
                    change={"where": _NO_EVEN[1]},
                ),
            ),
        ),
    ),
    expected=Verdict.REFUTED,
    note="Without biases the kernel of an odd activation is odd in $c$, and that of one hidden layer of ReLUs, but for "
    "its linear term, even: the eigenvalues of the other degrees are zero. What the theorem needs is that the Taylor "
    "coefficients at $c = 0$ are positive up to degree $k$; biases are enough. Counted from one, the theorem holds for "
    "erf without biases at $k = 1$ alone, where $d$ is the dimension of the linear functions.",
)

CLAIMS = (IM_INDEX, IM_ACTIVATION)
