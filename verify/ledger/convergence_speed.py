"""How fast the empirical kernel settles as the network grows: slowly in the width, more slowly for deep networks."""

import sympy as sp

from derivations import sum_identities
from derivations.kernels import relu_ntk
from verify.claim import Certificate, Claim, Derivation, Document, Form, Measurement, Mutant, Point, Role, Source
from verify.decide.design import Centred, Scaling
from verify.experiments.initialisation import RELU_NTK, ntk
from verify.experiments.wide_networks import ONE_INPUT, diagonal
from verify.ledger.initialisation import L, Theta, m, ntk_recursion, rho
from verify.statement import Direction, Identity, Limit, Ordering, Rate, Trend
from verify.verdict import Verdict

_NETWORKS = "ReLU, $c_sigma = 2$, no biases, all weights independent $cal(N)(0, 1)$, $L$ hidden layers of width $m$. "
_ONE = (Measurement(name="exact samples at one input", experiment=ONE_INPUT),)
_error = sp.Abs(diagonal - (L + 1))
_DEPTHS = ((L, sp.FiniteSet(1, 2, 4)),)

DS_INIT_SLOW = Claim(
    id="ds-init-slow",
    title="The empirical kernel converges slowly: at rate $m^(-1\\/2)$, with a factor that grows with the depth",
    source=Source(
        document=Document.DS,
        where="slides 'NTK at initialization'",
        printed='the "empirical NTK" $k_bold(w)$ converges almost surely to $bb(E)_bold(w) k_bold(w)$ -- Convergence '
        "might be slow, though!",
    ),
    hypotheses=(
        _NETWORKS + "One unit input, where $bb(E) hat(Theta)_m (x, x) = Theta^((L))(x, x) = L + 1$ at every width; so "
        "the error is fluctuation alone.",
        "'Slow' is read as: no faster than $m^(-1\\/2)$, so that an error half as large takes a network four times as "
        "wide; and the slower the deeper the network is.",
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="The rate, over 40 octaves of width.",
            statement=Rate(
                quantity=_error,
                exponent=sp.Rational(-1, 2),
                direction=Direction.EXACTLY,
                margin=sp.Rational(1, 40),
                along=m,
                domain=_DEPTHS,
            ),
            routes=_ONE,
            design=Scaling(
                exponent=-0.5,
                shape="half-normal",
                drift=0.006,
                source="central limit theorem; independent pilot: from 2^4 to 2^14 local exponents of -0.497 and less "
                "than 0.003 off -1/2 from there on",
            ),
            mutants=(
                Mutant(
                    name="rate 1/m",
                    why_false="the variance is of order $1\\/m$: at one hidden layer it is $12\\/m$.",
                    change={"exponent": sp.S.NegativeOne},
                ),
                Mutant(
                    name="rate $m^(-1\\/4)$",
                    why_false="the fourth root would be that of the width the theorem of Arora et al. asks for.",
                    change={"exponent": sp.Rational(-1, 4)},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="The error grows with the number of hidden layers, at every width.",
            statement=Ordering(quantity=_error, trend=Trend.INCREASING, along=L, domain=_DEPTHS),
            routes=_ONE,
            design=Scaling(
                exponent=1.22,
                shape="half-normal",
                drift=0.12,
                source="independent pilot: the median grows like L^1.16 from 1 to 2 and like L^1.28 from 2 to 4",
            ),
            mutants=(
                Mutant(
                    name="the deeper the faster",
                    why_false="every layer adds fluctuations of its own.",
                    change={"trend": Trend.DECREASING},
                ),
                Mutant(
                    name="even relative to $L^2$",
                    why_false="the median grows like $L^(3\\/2)$ at most.",
                    change={"quantity": _error / L**2},
                    design=Scaling(exponent=-0.78, shape="half-normal", drift=0.12, source="the same pilot"),
                ),
            ),
        ),
    ),
    expected=Verdict.SUPPORTED,
    note="Standard deviations times $sqrt(m)$: $sqrt(12)$, $7.6$, $18.4$ on the diagonal at $L = 1, 2, 4$; $2.0$, "
    "$4.2$, $6.4$ at $rho = 1\\/2$ and $L = 1, 2, 3$. Theory offers exponents that are multiples of $1\\/2$; the "
    "margin of $1\\/40$ leaves room for none between. The bias of the mean is of order $1\\/m$ "
    "(ds-init-mean-subtle).",
)

_d = sp.Symbol("d", integer=True, positive=True)
_j, _k = sp.symbols("j k", integer=True)
_SIZES: tuple[Point, ...] = tuple({m: width, _d: inputs} for width, inputs in ((3, 2), (1, 5), (7, 4)))
_NORMAL = Scaling(
    exponent=0.0,
    shape="half-normal",
    drift=0.01,
    source="central limit theorem; independent pilot: local exponents of the median from -0.006 to 0.003",
)

DS_D_INFTY = Claim(
    id="ds-D-infty",
    title="The number of parameters grows with the width, and the kernel settles",
    source=Source(
        document=Document.DS,
        where="slides 'Infinite NTKs are infinite-dimensional'",
        printed="The $bold(w)$ for an empirical NTK is in $bb(R)^D$, with $D$ the total number of parameters. As width "
        "$m -> infinity$, $D -> infinity$ as well. But $k_bold(w)$ doesn't change too much as $m -> infinity$!",
    ),
    hypotheses=(
        "$D$: the shallow network of the slides before, $bold(w)_1, ..., bold(w)_m in bb(R)^d$ trained.",
        _NETWORKS + "All weights trained; unit inputs with $x^top x' = rho = 1\\/2$, $m$ from $2^4$ to $2^20$, "
        "$L = 1, 2, 3$. Networks of different widths are independent here: that the kernel changes little is tested as "
        "$k_bold(w) = k_infinity + O(m^(-1\\/2))$.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="$D = m d$, unbounded in the width.",
            statement=Identity(
                lhs=sp.Sum(1, (_k, 1, _d), (_j, 1, m)), rhs=m * _d, domain=((m, sp.S.Naturals), (_d, sp.S.Naturals))
            ),
            routes=(
                Derivation(name="by the rules of sums", derive=sum_identities.by_rules, spots=_SIZES[:2]),
                Certificate(name="counting", points=_SIZES),
            ),
            mutants=(
                Mutant(name="bounded", why_false="Every neuron has its $d$ weights.", change={"rhs": _d}),
                Mutant(
                    name="with the read-out",
                    why_false="It is fixed, and has $m$ weights.",
                    change={"rhs": m * (_d + 1)},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="The kernel tends to a limit that is not zero.",
            statement=Limit(
                quantity=ntk,
                value=Theta,
                tolerance=sp.Rational(1, 40),
                along=m,
                where=ntk_recursion,
                domain=((L, sp.FiniteSet(1, 2, 3)),),
            ),
            routes=(Measurement(name="random networks of growing width", experiment=RELU_NTK),),
            design=Centred(
                centre=relu_ntk(L, rho), scale=6.8, bias=-7.0, source="exact variance at L = 1; pilot at L = 3"
            ),
            mutants=(
                Mutant(
                    name="in proportion to the number of parameters",
                    why_false="Each derivative is of order $m^(-1\\/2)$.",
                    change={"quantity": m * ntk},
                    design=Centred(
                        centre=m * relu_ntk(L, rho),
                        scale=7.0 * 2**24,
                        source="the pilot's spread, times the largest width",
                    ),
                ),
                Mutant(
                    name="to zero",
                    why_false="The squares of $D$ derivatives add up to a number of order 1.",
                    change={"value": sp.S.Zero},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="How little: $sqrt(m) abs(k_bold(w) - k_infinity)$ neither grows nor shrinks.",
            statement=Rate(
                quantity=sp.sqrt(m) * sp.Abs(ntk - Theta),
                exponent=sp.S.Zero,
                direction=Direction.EXACTLY,
                margin=sp.Rational(1, 6),
                along=m,
                where=ntk_recursion,
                domain=((L, sp.FiniteSet(1, 2, 3)),),
            ),
            routes=(Measurement(name="random networks of growing width", experiment=RELU_NTK),),
            design=_NORMAL,
            mutants=(
                Mutant(
                    name="a change of order 1",
                    why_false="It would grow like $sqrt(m)$.",
                    change={"exponent": sp.Rational(1, 2)},
                ),
                Mutant(
                    name="a change of order $1\\/m$",
                    why_false="The variance of the kernel is of order $1\\/m$.",
                    change={"exponent": sp.Rational(-1, 2)},
                ),
            ),
        ),
    ),
    expected=Verdict.SUPPORTED,
    note="In the number of parameters the change is of order $D^(-1\\/2)$ for one hidden layer and $D^(-1\\/4)$ for "
    "more, where $D$ grows like $m^2$.",
)

CLAIMS = (DS_INIT_SLOW, DS_D_INFTY)
