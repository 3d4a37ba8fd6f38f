"""The preactivations of a wide network are a Gaussian process: its covariance, its law, and how far it is from one."""

import sympy as sp

from derivations import neuron_sums
from derivations.expressions import Expect, relu
from derivations.kernels import relu_nngp
from verify.claim import Certificate, Claim, Derivation, Document, Form, Measurement, Mutant, Role, Source
from verify.decide.design import Centred, Distance, Scaling
from verify.experiments.dense_networks import output_covariance
from verify.experiments.wide_networks import GAUSSIAN_OUTPUTS, OUTPUTS, output, output_other
from verify.ledger.gaussian_outputs import f_2, f_4, kappa
from verify.quantities import notation
from verify.statement import Direction, EqualityInLaw, Identity, Limit, Rate
from verify.verdict import Verdict

m, u = neuron_sums.m, neuron_sums.u
L = sp.Symbol("L", integer=True, positive=True)
rho = sp.Symbol("rho", positive=True)
t = sp.Symbol("t", real=True)
Sigma = sp.Symbol(
    notation("nngp_of_depth", typst="Sigma^((L))(x, x')", latex=r"\Sigma^{(L)}(x, x')", text="Σ^(L)(x, x')"), real=True
)
_COVARIANCE = ((Sigma, relu_nngp(L, rho)),)
_DEPTHS = ((L, sp.FiniteSet(1, 2, 3)),)
_ROUTES = (Measurement(name="random networks of growing width", experiment=OUTPUTS),)


def _moment(power: int) -> Expect:
    return Expect(relu(u) ** power, (u,), [[1]])


def _normal(argument: sp.Expr) -> sp.Expr:
    return (1 + sp.erf(argument / sp.sqrt(2))) / 2


_KURTOSIS = (
    (kappa, f_4 / f_2**2 - 3),
    (f_2, 2 * _moment(2)),
    (f_4, 3 * (2 / m) ** 2 * (m * _moment(4) + m * (m - 1) * _moment(2) ** 2)),
)
_LAPLACE = sp.Rational(1, 2) + sp.sign(t) * (1 - sp.exp(-sp.sqrt(2) * sp.Abs(t))) / 2

IM_LIM_GP_INIT = Claim(
    id="im-lim-gp-init",
    title="The preactivations of an infinitely wide network are a Gaussian process with covariance Σ",
    source=Source(
        document=Document.IM,
        where="section 2, before the definition of Σ",
        printed="First we will define the covariance of the Gaussian process that the pre-activations tend to in the "
        "infinite width limit: $Sigma^((0))(x, x') = x^top x'$, …, $Sigma^((h))(x, x') = c_sigma E_((u,v) tilde "
        "cal(N)(0, Lambda^((h)))) [sigma(u) sigma(v)]$",
    ),
    hypotheses=(
        "ReLU, $c_sigma = 2$, all weights independent $cal(N)(0, 1)$; all hidden widths $m$; unit inputs with $x^top "
        "x' = rho$, $rho = 1\\/2$ where networks are drawn. The preactivation tested is the last one, $f = f^((L+1))$ "
        "after $L$ hidden layers; that of layer $h$ is the output of the network with $h - 1$ hidden layers.",
        "Given the hidden layers $(f(x), f(x'))$ is Gaussian, with the covariance $hat(Sigma)_m = chevron.l g^((L)) "
        "(x), g^((L))(x') chevron.r$. So it tends in law to a Gaussian pair if $hat(Sigma)_m$ tends to a constant.",
        "In the form with $kappa_m$, the excess kurtosis of $f(x)$: one hidden layer.",
        "In the form on the law: the law of the difference is a mixture of centred normal laws, whose relative "
        "variance $V$ has the mean $1 + O(1\\/m)$ and the variance $c\\/m$. Its distance from the normal law is about "
        "$0.07 c\\/m$, by the second derivative of $Phi(t\\/sqrt(V))$ in $V$; at $m = 1024$ a pilot of 1500 networks "
        "finds $c = 4.0$ and $7.0$, and the distance $3 dot 10^(-4)$ and $5 dot 10^(-4)$, for one and two layers. A "
        "distance of $10^(-3)$ or less counts as equality: twice the pilot's, an estimate and no bound; the test "
        "resolves $1\\/20$.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="The covariance: that of $f^((h))$ is $Sigma^((h-1))$, so $Sigma^((L))$ for the output.",
            statement=Limit(
                quantity=output_covariance,
                value=Sigma,
                tolerance=sp.Rational(1, 55),
                along=m,
                where=_COVARIANCE,
                domain=_DEPTHS,
            ),
            routes=_ROUTES,
            design=Centred(
                centre=relu_nngp(L, rho), scale=3.1, bias=-5.0, source="independent pilot at L = 3, rounded up"
            ),
            mutants=(
                Mutant(
                    name="the covariance of the next layer",
                    why_false="$Sigma^((L+1))$ is larger by $0.075$, $0.055$ and $0.042$.",
                    change={"value": relu_nngp(L + 1, rho)},
                ),
                Mutant(
                    name="the covariance of the layer before",
                    why_false="$Sigma^((L-1))$ is smaller by $0.109$, $0.075$ and $0.055$.",
                    change={"value": relu_nngp(L - 1, rho)},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="How fast.",
            statement=Rate(
                quantity=sp.Abs(output_covariance - Sigma),
                exponent=sp.Rational(-1, 2),
                direction=Direction.EXACTLY,
                margin=sp.Rational(1, 6),
                along=m,
                where=_COVARIANCE,
                domain=_DEPTHS,
            ),
            routes=_ROUTES,
            design=Scaling(
                exponent=-0.5,
                shape="half-normal",
                drift=0.02,
                source="central limit theorem; independent pilot: local exponents of the median from -0.51 to -0.49",
            ),
            mutants=(
                Mutant(
                    name="rate 1/m",
                    why_false="The variance of $hat(Sigma)_m$ is of order $1\\/m$.",
                    change={"exponent": sp.S.NegativeOne},
                ),
                Mutant(
                    name="no convergence",
                    why_false="The variance of $hat(Sigma)_m$ tends to zero.",
                    change={"exponent": sp.S.Zero},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="No network of finite width is Gaussian, and its excess kurtosis vanishes like $1\\/m$.",
            statement=Identity(lhs=kappa, rhs=15 / m, where=_KURTOSIS, domain=((m, sp.S.Naturals),)),
            routes=(
                Derivation(
                    name="sums over the neurons",
                    derive=neuron_sums.derive_output_kurtosis,
                    spots=({m: 1}, {m: 7}, {m: 1000}),
                ),
                Certificate(name="quadrature of the moments", points=({m: 1}, {m: 2}, {m: 16}, {m: 4096})),
            ),
            mutants=(
                Mutant(
                    name="of order $m^(-1\\/2)$",
                    why_false="It is three times the variance of $hat(Sigma)_m (x, x)$, a mean of $m$ independent "
                    "terms; the two agree at $m = 1$ only.",
                    change={"rhs": 15 / sp.sqrt(m)},
                ),
                Mutant(
                    name="Gaussian at every width",
                    why_false="The variance given the hidden layer is random.",
                    change={"rhs": sp.S.Zero},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="The two inputs together: $f(x) - f(x')$ is normal with the variance $2 - 2 Sigma^((L))(x, x')$.",
            statement=EqualityInLaw(
                quantity=(output - output_other) / sp.sqrt(2 - 2 * Sigma),
                law=_normal(t),
                argument=t,
                tolerance=sp.Rational(1, 20),
                within=sp.Rational(1, 1000),
                where=_COVARIANCE,
                domain=((L, sp.FiniteSet(1, 2)),),
            ),
            routes=(Measurement(name="random networks of width 1024 and more", experiment=GAUSSIAN_OUTPUTS),),
            design=Distance(source="the distance is some 0.0005, by the variances of an independent pilot"),
            mutants=(
                Mutant(
                    name="independent at the two inputs",
                    why_false="Then the variance were 2.",
                    change={"law": _normal(t * sp.sqrt(1 - Sigma))},
                    design=Distance(at_least=0.1, source="two centred normal laws, standard deviations 1 to 1.6"),
                ),
                Mutant(
                    name="the covariance with the opposite sign",
                    why_false="Then it were the law of $f(x) + f(x')$.",
                    change={"law": _normal(t * sp.sqrt((1 - Sigma) / (1 + Sigma)))},
                    design=Distance(at_least=0.15, source="two centred normal laws, standard deviations 1 to 2"),
                ),
                Mutant(
                    name="Laplace's law with this variance",
                    why_false="A random variance of order 1 makes such a law; here it tends to a constant.",
                    change={"law": _LAPLACE},
                    design=Distance(at_least=0.06, source="computed from the two distribution functions"),
                ),
            ),
        ),
    ),
    expected=Verdict.SUPPORTED,
    note="The tolerance of $1\\/55$ is less than half of the smallest distance between neighbouring layers, $0.042$. "
    "The margin of $1\\/6$ is a third of the distance between exponents that theory offers. The kurtosis is that of "
    "kw-eq-nngp, whose first layer has no biases either.",
)

CLAIMS = (IM_LIM_GP_INIT,)
