"""That the weights of wide networks move by a bounded distance, and the hypothesis that this takes."""

import sympy as sp

from derivations.spectral_bounds import Decayed, by_decay
from derivations.sum_bounds import Part
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.experiments.trained_columns import movement
from verify.ledger._points import family
from verify.ledger._regimes import BOTH, FLOW, KERNEL_SCALING, MARGIN, ON_BOTH, ON_RELU, RELU, found, m, rate
from verify.ledger.spectral_decay import OVER, POSITIVE, b, ell, eta, length, t
from verify.statement import Inequality
from verify.verdict import Verdict

N = sp.Symbol("N", integer=True, positive=True)
bound = sp.Symbol("lambda_bar", positive=True)
lam = sp.IndexedBase("lambda", positive=True)

MOVED = found(-0.015, 0.06, 0.03)
MOVED_BOTH = found(0.01, 0.06, 0.03)


BOUNDED = Form(
    role=Role.TESTED,
    remark="ReLU networks: the median does not grow with the width.",
    statement=rate(movement, "0", domain=KERNEL_SCALING),
    routes=ON_RELU,
    design=MOVED,
    mutants=(
        Mutant(
            name="tending to zero like m^(-1/2)",
            why_false="The norm of the nearest solution tends to a positive limit, and training ends no nearer.",
            change={"exponent": sp.Rational(-1, 2)},
        ),
        Mutant(
            name="bounded even after multiplication with √m",
            why_false="The norm itself does not shrink.",
            change={"quantity": sp.sqrt(m) * movement},
            design=found(0.485, 0.06, 0.03),
        ),
    ),
)


_LEFT = sp.exp(-eta * t * lam[ell] / N)
_DISTANCE = sp.sqrt(sp.Sum((1 - _LEFT) ** 2 * b[ell] ** 2 / lam[ell], OVER))


def _spectrum(lowest: str, time: str, values: tuple[str, ...], *start: str) -> Point:
    return {
        N: len(start),
        t: sp.Rational(time),
        eta: sp.S.One,
        bound: sp.Rational(lowest),
        lam: family(*values),
        b: family(*start),
    }


_SPECTRA = (
    _spectrum("1/2", "2000", ("1/2", "3"), "3", "0"),
    _spectrum("1", "3/2", ("2", "1", "7"), "1", "-2", "1/2"),
    _spectrum("1/4", "0", ("4", "9"), "1", "1"),
    _spectrum("1/4", "100000", ("1/100",), "1"),
    _spectrum("1", "1000000", ("1/1000", "1"), "1", "1"),
)
"""The last two are members of full rank, 1/m for m = 100 and 1000, of a family without a common bound: outside the
domain, of use where a mutant enlarges it."""
_FAMILY = ((N, sp.S.Naturals), (t, sp.Interval(0, sp.oo)), (eta, POSITIVE), (bound, POSITIVE), (b[ell], sp.S.Reals))
_FULL_RANK = (lam[ell], POSITIVE)

DS_MOVE_BOUNDED = Claim(
    id="ds-move-bounded",
    title="The weights move by a bounded distance as the width grows, if the kernel is always of full rank",
    source=Source(
        document=Document.DS,
        where="'Linearization quality', last bullet",
        printed="$norm(bold(w)_t - bold(w)_0)^2$ is bounded as $m -> infinity$, if kernel is always full-rank",
    ),
    hypotheses=(
        "The eigenvalues $lambda_ell$ of the kernels $bold(K)_0$ of all widths have one lower bound $macron(lambda) > "
        "0$. That each kernel has full rank is not enough for matrices that may depend on $m$ in any way: see the "
        "mutant. For networks of independent neurons on fixed data it is, as $bold(K)^infinity = bb(E)[bold(K)_0]$ is "
        "positive definite if $bold(K)_0$ is at one width, and $bold(K)_0$ tends to it.",
        "$b_ell$ are the coordinates of $bold(y) - bold(f)_0$ in a basis of eigenvectors. Also needed: their norm "
        "stays bounded, as that of $bold(f)_0$ does in probability.",
        "On trained networks: " + FLOW + " " + RELU,
        "And with both layers trained: " + BOTH,
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="The linearised network: a bound for all widths with the common bound of the eigenvalues.",
            statement=Inequality(
                lhs=_DISTANCE,
                rhs=length(b[ell]) / sp.sqrt(bound),
                domain=(*_FAMILY, _FULL_RANK, (lam[ell] - bound, sp.Interval(0, sp.oo))),
            ),
            routes=(
                Derivation(
                    name="eigenvalue by eigenvalue",
                    derive=by_decay(
                        t,
                        Part(
                            "No eigenvalue is below the common bound.",
                            sp.Sum((lam[ell] - bound) * b[ell] ** 2 / (bound * lam[ell]), OVER),
                            given=(lam[ell] - bound,),
                        ),
                        Part("What is left of a residual is positive.", sp.Sum(_LEFT * b[ell] ** 2 / lam[ell], OVER)),
                        Decayed(
                            "And no greater than the residual at the start.",
                            _LEFT * b[ell] ** 2 / lam[ell],
                            eta * lam[ell] / N,
                            OVER,
                        ),
                    ),
                    spots=_SPECTRA,
                ),
                Certificate(name="search over spectra", points=_SPECTRA),
            ),
            mutants=(
                Mutant(
                    name="full rank only",
                    why_false="Kernels with $lambda_min = 1\\/m$ have full rank, and in the long run the weights move "
                    "by $sqrt(m)$.",
                    change={"domain": (*_FAMILY, _FULL_RANK)},
                ),
                Mutant(
                    name="half the bound",
                    why_false="Along the lowest eigenvalue the bound is attained in the long run.",
                    change={"rhs": length(b[ell]) / (2 * sp.sqrt(bound))},
                ),
            ),
        ),
        BOUNDED,
        Form(
            role=Role.TESTED,
            remark="Tanh networks, both layers trained.",
            statement=rate(movement, "0"),
            routes=ON_BOTH,
            design=MOVED_BOTH,
            mutants=(
                Mutant(
                    name="tending to zero like m^(-1/2)",
                    why_false="Fitting the labels takes a movement near the norm of the nearest solution.",
                    change={"exponent": sp.Rational(-1, 2)},
                ),
                Mutant(
                    name="bounded even after multiplication with √m",
                    why_false="The norm itself does not shrink.",
                    change={"quantity": sp.sqrt(m) * movement},
                    design=found(0.51, 0.06, 0.03),
                ),
            ),
        ),
    ),
    expected=Verdict.SUPPORTED,
    note=f"{MARGIN} 'Always full-rank' has to be read as bounded away from zero, uniformly in the width.",
)

CLAIMS = (DS_MOVE_BOUNDED,)
