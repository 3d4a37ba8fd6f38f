"""A Gaussian process written in the eigenfunctions of its kernel, and what is left of it without one of them."""

import sympy as sp

from derivations.kernel_spectra import KernelEigenvalue
from derivations.sum_identities import by_rules
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger._eigendecomposition import (
    AT_X,
    AT_Y,
    DOMAIN,
    FINITE,
    ONE,
    POINTS,
    ROUTES,
    WHERE,
    K,
    N,
    a,
    ell,
    i,
    j,
    lam,
    over,
    q,
    u,
    x,
    y,
    z,
)
from verify.ledger._points import entries, family
from verify.statement import Identity, Inequality
from verify.verdict import Verdict


def _covariance(weight: sp.Expr = sp.S.One, start: int = 1) -> sp.Expr:
    """E f(x) f(y) for f = Σ √λ_i ω_i u_i, with a weight for each pair of terms."""
    term = sp.sqrt(lam[i]) * sp.sqrt(lam[j]) * sp.KroneckerDelta(i, j) * u(x, i) * u(y, j)
    return over(weight * term, i, j, start=start)


_WITHOUT = (1 - sp.KroneckerDelta(i, a)) * (1 - sp.KroneckerDelta(j, a))
_GAUSSIAN = (
    "$omega_i$ are independent standard normal variables (the independence is not printed): $bb(E) omega_i omega_j = "
    "delta_(i j)$. A sum of multiples of them is a Gaussian process of mean 0, so that its covariance is its law."
)

L, d, n = sp.symbols("L d n", integer=True, nonnegative=True)
_RELU = ((L, sp.FiniteSet(1, 2)), (d, sp.FiniteSet(7, 128)))
_NETWORKS: tuple[Point, ...] = tuple({L: depth, d: dimension} for depth in (1, 2) for dimension in (7, 128))


def _first_of(kind: str) -> sp.Expr:
    """μ_0/Σ C(d, n) μ_n for ReLU networks with both variances 2."""
    eigenvalue = KernelEigenvalue("cube", "relu", kind, L, 2, 2, d, n)
    return eigenvalue.subs(n, 0) / sp.Sum(sp.binomial(d, n) * eigenvalue, (n, 0, d))


IM_KARHUNEN_LOEVE = Claim(
    id="im-id-kl-sample",
    title="A sample of the Gaussian process, in the eigenfunctions of its kernel",
    source=Source(
        document=Document.IM,
        where="section 3, display 2",
        printed="Then, each sample from the Gaussian process from the kernel can be written as $sum_(i > 1) "
        "sqrt(lambda_i) omega_i u_i$ where $omega_i tilde cal(N)(0, 1)$",
    ),
    hypotheses=(
        FINITE,
        _GAUSSIAN,
        "Last form: ReLU networks with $L$ hidden layers, $sigma_w^2 = sigma_b^2 = 2$, on the cube of dimension $d$.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="As printed, from $i = 2$ on: the covariance should be the kernel.",
            statement=Identity(lhs=_covariance(start=2), rhs=K(x, y), where=WHERE, domain=(*DOMAIN, AT_X, AT_Y)),
            routes=ROUTES,
        ),
        Form(
            role=Role.CORRECTED,
            remark="From $i = 1$ on.",
            statement=Identity(lhs=_covariance(), rhs=K(x, y), where=WHERE, domain=(*DOMAIN, AT_X, AT_Y)),
            routes=ROUTES,
            mutants=(
                Mutant(
                    name="as printed",
                    why_false="The term of the largest eigenvalue is missing.",
                    change={"lhs": _covariance(start=2)},
                ),
                Mutant(
                    name="with the eigenvalues for coefficients",
                    why_false="The covariance then has their squares for eigenvalues.",
                    change={"lhs": _covariance(sp.sqrt(lam[i]) * sp.sqrt(lam[j]))},
                ),
            ),
        ),
        Form(
            role=Role.CORRECTED,
            remark="What a sample without the term $a$ lacks: with $a = 1$ the printed sum.",
            statement=Identity(
                lhs=_covariance(_WITHOUT),
                rhs=K(x, y) - lam[a] * u(x, a) * u(y, a),
                where=WHERE,
                domain=(*DOMAIN, AT_X, AT_Y, ONE),
            ),
            routes=ROUTES,
            mutants=(
                Mutant(
                    name="nothing",
                    why_false="The covariance lacks $lambda_a u_a times.o u_a$.",
                    change={"rhs": K(x, y)},
                ),
                Mutant(
                    name="the root of the eigenvalue",
                    why_false="The covariance is of second order in the sample.",
                    change={"rhs": K(x, y) - sp.sqrt(lam[a]) * u(x, a) * u(y, a)},
                ),
            ),
        ),
        Form(
            role=Role.CORRECTED,
            remark="With ReLU that is most of it: the constant is the first eigenfunction on the cube, and has at "
            "least seven tenths of the variance of a network at its start.",
            statement=Inequality(lhs=sp.Rational(7, 10), rhs=_first_of("ck"), domain=_RELU),
            routes=(Certificate(name="both depths on two cubes", points=_NETWORKS, covers_domain=True),),
            mutants=(
                Mutant(
                    name="of the tangent kernel",
                    why_false="It is $0.58$ to $0.63$ there.",
                    change={"rhs": _first_of("ntk")},
                ),
                Mutant(
                    name="nine tenths",
                    why_false="It is $0.74$ with one hidden layer and $0.84$ with two.",
                    change={"lhs": sp.Rational(9, 10)},
                ),
            ),
        ),
    ),
    expected=Verdict.REFUTED,
    note="A slip of the pen, but of consequence: the sentence that follows is about the eigenfunction left out.",
)

_REST = over(over(_WITHOUT * sp.sqrt(lam[i]) * sp.sqrt(lam[j]) * sp.KroneckerDelta(i, j) * u(z, i) * u(z, j), i, j), z)
_WHOLE = over(K(z, z), z)
_ALL, _SQUARES = over(lam[ell], ell), over(lam[ell] ** 2, ell)
_MANY: Point = {
    N: 4,
    a: 1,
    lam: family("10", "1", "1", "1"),
    q: entries(
        [["1/2"] * 4, ["1/2", "1/2", "-1/2", "-1/2"], ["1/2", "-1/2", "1/2", "-1/2"], ["1/2", "-1/2", "-1/2", "1/2"]]
    ),
}
_SHARES = (*POINTS, _MANY)
_SHARE_ROUTES = (
    Derivation(name="by the rules of finite sums", derive=by_rules, spots=_SHARES[1:]),
    Certificate(name="small spectra, exactly", points=_SHARES),
)

IM_TOP_EIGENFUNCTION = Claim(
    id="im-claim-top-eig-dominates",
    title="A sample is a perturbed eigenfunction when one eigenvalue dominates the sum of all others",
    source=Source(
        document=Document.IM,
        where="section 3, after display 2",
        printed="Then, if one of the eigenvalues is much larger than the others, the sample will typically just be the "
        "corresponding eigenfunction slightly perturbed",
    ),
    hypotheses=(
        FINITE,
        _GAUSSIAN,
        "The sample is $f = sum_i sqrt(lambda_i) omega_i u_i$, $norm(f)^2$ the mean of $f(x)^2$ over the inputs. "
        "'Slightly perturbed' is measured by $bb(E) norm(f - sqrt(lambda_a) omega_a u_a)^2$ beside $bb(E) norm(f)^2$, "
        "the mean of $K(x, x)$; by Markov's inequality it is then small for most samples. At least one eigenvalue is "
        "positive.",
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="The perturbation is the share $1 - lambda_a\\/sum_ell lambda_ell$ of the whole: what the other "
            "eigenvalues add up to.",
            statement=Identity(
                lhs=_REST / N * _ALL,
                rhs=(_ALL - lam[a]) * _WHOLE / N,
                where=WHERE,
                domain=(*DOMAIN, ONE),
            ),
            routes=_SHARE_ROUTES,
            mutants=(
                Mutant(
                    name="the second eigenvalue alone",
                    why_false="It is the sum of all others that counts. Where $lambda_2$ has a large eigenspace, as on "
                    "the cube, a large $lambda_1\\/lambda_2$ is not enough.",
                    change={
                        "lhs": _REST / N * (lam[1] + lam[2]),
                        "rhs": lam[2] * _WHOLE / N,
                        "domain": ((N, sp.Range(2, sp.oo)), *DOMAIN[1:], ONE),
                    },
                ),
                Mutant(
                    name="the ratio of the others to the one",
                    why_false="The share is taken of the whole; that ratio is greater, and may exceed 1.",
                    change={"lhs": _REST / N * lam[a]},
                ),
                Mutant(
                    name="squares of the eigenvalues",
                    why_false="Variances add, and they are the eigenvalues themselves.",
                    change={
                        "lhs": _REST / N * _SQUARES,
                        "rhs": (_SQUARES - lam[a] ** 2) * _WHOLE / N,
                    },
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
    note="Read literally, 'larger than the others' means each other one, and that is not enough: with $lambda_1 = 10$ "
    "and a thousand eigenvalues of 1 the perturbation is 99 % of the sample.",
)

CLAIMS = (IM_KARHUNEN_LOEVE, IM_TOP_EIGENFUNCTION)
