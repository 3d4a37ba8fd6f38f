"""The Gram matrices of the discussion at initialisation: their limits, and Hoeffding's inequality with its constant."""

import sympy as sp

from derivations.expressions import Expect, normal_cdf, normal_pdf
from verify.claim import Claim, Document, Form, Measurement, Mutant, Role, Source
from verify.decide.design import Centred, FailureProbability, Piloted
from verify.experiments.two_layer import GRAM_ENTRIES, gram_g, gram_h
from verify.quantities import notation
from verify.statement import Limit, ProbabilityBound
from verify.verdict import Verdict

m = sp.Symbol("m", integer=True, positive=True)
rho, delta = sp.symbols("rho delta", positive=True)
u, v = sp.symbols("u v", real=True)

_g_limit = Expect(normal_cdf(u) * normal_cdf(v), (u, v), [[1, rho], [rho, 1]])
_h_limit = rho / 3 * Expect(normal_pdf(u) * normal_pdf(v), (u, v), [[1, rho], [rho, 1]])
G_limit = sp.Symbol(
    notation("gram_g_limit", typst="upright(G)_(i j)^oo", latex=r"\mathbf G_{ij}^\infty", text="G_ij^∞"), real=True
)
H_limit = sp.Symbol(
    notation("gram_h_limit", typst="upright(H)_(i j)^oo", latex=r"\mathbf H_{ij}^\infty", text="H_ij^∞"), real=True
)
_LIMITS = {G_limit: _g_limit, H_limit: _h_limit}
_hoeffding = sp.sqrt(2 * sp.log(2 / delta) / m)


def _hoeffding_form(entry: sp.Symbol, limit: sp.Symbol, sup: sp.Expr, wrong: Mutant, remark: str) -> Form:
    """P(|entry - limit| > sup·√(2 log(2/δ)/m)) <= δ at every width, for terms bounded by `sup` in absolute value."""
    return Form(
        role=Role.TESTED,
        remark=remark,
        statement=ProbabilityBound(
            deviation=sp.Abs(entry - limit),
            bound=sup * _hoeffding,
            level=delta,
            width=sp.S.One,
            where=((limit, _LIMITS[limit]),),
            domain=((delta, sp.FiniteSet(sp.Rational(1, 20), sp.Rational(1, 5))),),
        ),
        routes=(Measurement(name="random networks of growing width", experiment=GRAM_ENTRIES),),
        design=FailureProbability(
            at_most=0.001, source="independent pilot: no failure in 20,000 draws, even at half the bound"
        ),
        mutants=(
            Mutant(
                name="the bound at rate 1/m",
                why_false="the fluctuation is of order $m^(-1\\/2)$ and exceeds a bound of order $1\\/m$ at large $m$.",
                change={"bound": sup * _hoeffding / sp.sqrt(m)},
                design=FailureProbability(at_least=0.4, source="independent pilot at m = 4096: 0.67 or more"),
            ),
            wrong,
        ),
    )


BE_LIM_K0 = Claim(
    id="be-lim-K0",
    title="The entries of G(0) and H(0) tend to those of the kernel Gram matrices",
    source=Source(
        document=Document.BE,
        where="section 2, definition of the limits of G(0) and H(0)",
        printed="As $m$ goes to infinity, $upright(bold(G))(0)$ and $upright(bold(H))(0)$ converge to kernel Gram "
        "matrices with kernels $upright(bold(G))^oo$ and $upright(bold(H))^oo$ correspondingly: "
        "$upright(bold(G))^oo_(i,j) := bb(E)_bold(w)[sigma(bold(w)^top bold(x)_i) sigma(bold(w)^top bold(x)_j)]$, "
        "$upright(bold(H))^oo_(i,j) := bold(x)_i^top bold(x)_j bb(E)[a^2] bb(E)_bold(w)[sigma'(bold(w)^top bold(x)_i) "
        "sigma'(bold(w)^top bold(x)_j)]$",
    ),
    hypotheses=(
        "$sigma = Phi$, the normal distribution function: a sigmoid with $sigma$, $sigma'$, $sigma''$ bounded.",
        "$a_r$ independent and uniform on $[-1, 1]$, so $A = 1$ and $bb(E)[a^2] = 1\\/3$; "
        "$bold(w)_r$ independent $cal(N)(0, I)$.",
        "Unit inputs with $bold(x)_i^top bold(x)_j = rho$; tested at $rho = 1\\/2$.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="The limit of an entry of G(0).",
            statement=Limit(
                quantity=gram_g,
                value=G_limit,
                tolerance=sp.Rational(1, 50),
                along=m,
                where=((G_limit, _g_limit),),
            ),
            routes=(Measurement(name="random networks of growing width", experiment=GRAM_ENTRIES),),
            design=Piloted(
                fallback=Centred(centre=_g_limit, scale=0.27, source="independent pilot of 20,000 draws a width: 0.262")
            ),
            mutants=(
                Mutant(
                    name="as if the two neurons were independent",
                    why_false="$bb(E)[sigma] bb(E)[sigma] = 1\\/4$, the limit is $0.290$.",
                    change={"value": sp.Rational(1, 4)},
                ),
                Mutant(
                    name="the value on the diagonal",
                    why_false="$bb(E)[sigma^2] = 1\\/3$ is the limit for $bold(x)_i = bold(x)_j$.",
                    change={"value": sp.Rational(1, 3)},
                ),
            ),
        ),
        Form(
            role=Role.PRINTED,
            remark="The limit of an entry of H(0).",
            statement=Limit(
                quantity=gram_h,
                value=H_limit,
                tolerance=sp.Rational(1, 500),
                along=m,
                where=((H_limit, _h_limit),),
            ),
            routes=(Measurement(name="random networks of growing width", experiment=GRAM_ENTRIES),),
            design=Piloted(
                fallback=Centred(
                    centre=_h_limit, scale=0.017, source="independent pilot of 20,000 draws a width: 0.0161"
                )
            ),
            mutants=(
                Mutant(
                    name="E[a]² in place of E[a²]",
                    why_false="$a$ is centred, so this limit would be zero.",
                    change={"value": sp.S.Zero},
                ),
                Mutant(
                    name="without the factor x_i·x_j",
                    why_false="$rho != 1$.",
                    change={"value": H_limit / rho},
                ),
            ),
        ),
        _hoeffding_form(
            gram_g,
            G_limit,
            sp.S.One,
            Mutant(
                name="the limit on the diagonal",
                why_false="the entry tends to $0.290$, not $1\\/3$; the bound at $m = 4096$ is below the difference.",
                change={"deviation": sp.Abs(gram_g - sp.Rational(1, 3))},
                design=FailureProbability(at_least=0.9, source="law of large numbers; pilot at m = 4096"),
            ),
            "Hoeffding's inequality with its explicit constant, for G(0): the terms lie in $[-norm(sigma)_oo^2, "
            "norm(sigma)_oo^2]$.",
        ),
        _hoeffding_form(
            gram_h,
            H_limit,
            rho / (2 * sp.pi),
            Mutant(
                name="E[a]² in place of E[a²]",
                why_false="the entry tends to a positive number, not to zero; the bound at $m = 4096$ is below it.",
                change={"deviation": sp.Abs(gram_h)},
                design=FailureProbability(at_least=0.9, source="law of large numbers; pilot at m = 4096"),
            ),
            "The same for H(0), whose terms are bounded by $A^2 norm(sigma')_oo^2 abs(bold(x)_i^top bold(x)_j)$.",
        ),
    ),
    expected=Verdict.SUPPORTED,
    note="The document gives no rate; Hoeffding's inequality does, without a hidden constant, and is tested beside "
    "the limit. Tested on one entry off the diagonal and for one law of $a$; the document allows any centred one on "
    "$[-A, A]$. The tolerances are half of the distance to the nearest mutant, or less.",
)

CLAIMS = (BE_LIM_K0,)
