"""The two-layer network of the Berkeley discussion: what its hypotheses are for, and an activation that has them."""

import sympy as sp

from derivations import activation_bounds, sum_identities
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger._points import entries, family
from verify.statement import Identity, Inequality
from verify.verdict import Verdict

z = sp.Symbol("z", real=True)
i, j = sp.symbols("i j", integer=True)
p, q = sp.symbols("p q", integer=True, positive=True)
P, Q, J, a, g, h = (sp.IndexedBase(name, real=True) for name in ("P", "Q", "J", "a", "g", "h"))
sigma = sp.Function("sigma", real=True)

_LOGISTIC = 1 / (1 + sp.exp(-z))
_LINE: tuple[Point, ...] = tuple({z: sp.Rational(value)} for value in ("0", "13/10", "-13/10", "1/2", "-4", "7"))


def _bound(times: int, bound: sp.Expr, why_false: str) -> Form:
    """|σ^(times)(z)| <= bound for the logistic sigmoid."""
    value = sp.Derivative(sigma(z), (z, times)) if times else sigma(z)
    name = "sigma" + "'" * times
    return Form(
        role=Role.PRINTED,
        remark=f"The example: ${name}$ is bounded for the sigmoid.",
        statement=Inequality(lhs=sp.Abs(value), rhs=bound, where=((sigma(z), _LOGISTIC),), domain=((z, sp.S.Reals),)),
        routes=(
            Derivation(name="factors with a sign", derive=activation_bounds.bounded, spots=_LINE[:3]),
            Certificate(name="balls on the line", points=_LINE),
        ),
        mutants=(
            Mutant(name="half the bound", why_false=why_false, change={"rhs": bound / 2}),
            Mutant(
                name="for three times the sigmoid",
                why_false="Three times the function exceeds twice the bound at the same point.",
                change={"where": ((sigma(z), 3 * _LOGISTIC),)},
            ),
        ),
    )


_JOINT: tuple[Point, ...] = tuple(
    {
        p: len(first),
        q: len(second),
        P: family(*first),
        Q: family(*second),
        a: family(*values),
        g: family(*one),
        h: family(*two),
    }
    | {J: entries(joint)}
    for first, second, values, one, two, joint in (
        (
            ["1/2", "1/2"],
            ["1/3", "2/3"],
            ["-1", "1/2"],
            ["1", "2"],
            ["3", "-1"],
            [["1/3", "1/6"], ["0", "1/2"]],
        ),
        (
            ["1/4", "1/4", "1/2"],
            ["1/2", "1/2"],
            ["1", "-1/2", "2"],
            ["2", "-1"],
            ["1/3", "1"],
            [["1/4", "0"], ["1/4", "0"], ["0", "1/2"]],
        ),
    )
)


def _expected(law: sp.Expr) -> sp.Expr:
    """E[a² σ'(w·x) σ'(w·x')], the values i and j having this joint probability."""
    return sp.Sum(law * a[i] ** 2 * g[j] * h[j], (i, 1, p), (j, 1, q))


BE_DEF_NET = Claim(
    id="be-def-net",
    title="The network, its random weights and its activation",
    source=Source(
        document=Document.BE,
        where="section 2, first display and the three assumptions",
        printed="$f(bold(x) | bold(a), bold(W)) = 1/sqrt(m) sum_(r=1)^m a_r sigma(bold(w)_r^top bold(x))$; ${a_i}$ are "
        "centered i.i.d. random variables from the segment $[-A, A]$; ${w_r}$ are i.i.d. random vectors independent of "
        "the ${a_r}$; the nonlinear activation function $sigma$ and its first and second derivatives $sigma'$ and "
        "$sigma''$ are all bounded (for example you can think of sigmoid activation function).",
    ),
    hypotheses=(
        "First form: $(a, bold(w))$ takes the values $(a_i, bold(w)_j)$ with probability $J_(i, j) = P_i Q_j$: "
        "finitely many, as many as one likes; $g_j = sigma'(bold(w)_j^top bold(x))$, $h_j = sigma'(bold(w)_j^top "
        "bold(x)')$.",
        "The other forms: $sigma$ is the sigmoid $1\\/(1 + exp(-z))$.",
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="What independence is for: $bb(E)[a^2 sigma' sigma'] = bb(E)[a^2] bb(E)[sigma' sigma']$, as the "
            "definition of $bold(H)^infinity$ has it.",
            statement=Identity(
                lhs=_expected(P[i] * Q[j]),
                rhs=sp.Sum(P[i] * a[i] ** 2, (i, 1, p)) * sp.Sum(Q[j] * g[j] * h[j], (j, 1, q)),
                domain=(
                    (p, sp.S.Naturals),
                    (q, sp.S.Naturals),
                    (P[i], sp.Interval(0, 1)),
                    (Q[j], sp.Interval(0, 1)),
                    *((base[i], sp.S.Reals) for base in (a, g, h)),
                ),
            ),
            routes=(
                Derivation(name="product of two sums", derive=sum_identities.by_rules, spots=_JOINT),
                Certificate(name="balls at laws with few values", points=_JOINT),
            ),
            mutants=(
                Mutant(
                    name="with dependent weights",
                    why_false="$J$ has the same marginals, but is not their product.",
                    change={
                        "lhs": _expected(J[i, j]),
                        "domain": (
                            (p, sp.S.Naturals),
                            (q, sp.S.Naturals),
                            (P[i], sp.Interval(0, 1)),
                            (Q[j], sp.Interval(0, 1)),
                            (J[i, j], sp.Interval(0, 1)),
                            (sp.Sum(J[i, j], (j, 1, q)) - P[i], sp.FiniteSet(0)),
                            (sp.Sum(J[i, j], (i, 1, p)) - Q[j], sp.FiniteSet(0)),
                            *((base[i], sp.S.Reals) for base in (a, g, h)),
                        ),
                    },
                ),
                Mutant(
                    name="with the square of the mean",
                    why_false="The read-out weight is random: its second moment is greater.",
                    change={
                        "rhs": sp.Sum(P[i] * a[i], (i, 1, p)) ** 2 * sp.Sum(Q[j] * g[j] * h[j], (j, 1, q)),
                    },
                ),
            ),
        ),
        _bound(0, sp.S.One, "At $z = 13\\/10$ the sigmoid is greater than $1\\/2$."),
        _bound(1, sp.Rational(1, 4), "At $z = 0$ the derivative is $1\\/4$."),
        _bound(2, 1 / (6 * sp.sqrt(3)), "At $z = 13\\/10$ the second derivative is close to its least value."),
    ),
    expected=Verdict.PROVED,
    note="The ReLU, which the other documents use, is excluded: it is unbounded, and has no second derivative.",
)

CLAIMS = (BE_DEF_NET,)
