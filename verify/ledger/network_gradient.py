"""The gradient of a network, layer by layer: what the inner product of two gradients consists of, at finite width."""

import sympy as sp

from derivations import sum_identities
from derivations.activations import sigma, sigma_prime
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger._points import entries, family
from verify.quantities import notation
from verify.statement import Identity
from verify.verdict import Verdict

d0, d1, d2 = sp.symbols("d_0 d_1 d_2", integer=True, positive=True)
i, j, ell, p, q, r = sp.symbols("i j ell p q r", integer=True)
z = sp.Symbol("z", real=True)
c_sigma = sp.Symbol("c_sigma", positive=True)
x, y = (sp.IndexedBase(name, real=True) for name in ("x", notation("y_input", typst="x'", latex="x'", text="x′")))
W1, W2, W3 = (
    sp.IndexedBase(notation(f"W__{n}", typst=f"W^(({n}))", latex=f"W^{{({n})}}", text=f"W⁽{mark}⁾"), real=True)
    for n, mark in ((1, "¹"), (2, "²"), (3, "³"))
)
f1, f2, f3, g1, g2, b1, b2 = (
    sp.Function(
        notation(f"{name}__{n}", typst=f"{name}^(({n}))", latex=f"{name}^{{({n})}}", text=f"{name}⁽{mark}⁾"), real=True
    )
    for name, n, mark in (
        ("f", 1, "¹"),
        ("f", 2, "²"),
        ("f", 3, "³"),
        ("g", 1, "¹"),
        ("g", 2, "²"),
        ("b", 1, "¹"),
        ("b", 2, "²"),
    )
)
NAT, REALS, POSITIVE = sp.S.Naturals, sp.S.Reals, sp.Interval.open(0, sp.oo)


def _network(*, output: sp.Expr | None = None, scale: sp.Expr = c_sigma / d1) -> tuple[tuple[sp.Expr, sp.Expr], ...]:
    """The displays for L = 2: both layers of pre-activations and activations, the output, and the backward signals."""
    read_out = sp.Sum(W3[j] * g2(j, x), (j, 1, d2))
    definitions = [
        (f1(i, x), sp.Sum(W1[i, ell] * x[ell], (ell, 1, d0))),
        (g1(i, x), sp.sqrt(scale) * sigma(f1(i, x))),
        (f2(j, x), sp.Sum(W2[j, i] * g1(i, x), (i, 1, d1))),
        (g2(j, x), sp.sqrt(c_sigma / d2) * sigma(f2(j, x))),
        (b2(j, x), sp.sqrt(c_sigma / d2) * sigma_prime(f2(j, x)) * W3[j]),
        (b1(i, x), sp.sqrt(c_sigma / d1) * sigma_prime(f1(i, x)) * sp.Sum(W2[j, i] * b2(j, x), (j, 1, d2))),
    ]
    for inputs in (x, y):
        value = read_out.subs(x, inputs)
        definitions.insert(0, (f3(inputs), value if output is None else output.subs(z, value)))
    return tuple(definitions)


def _by(*weights: tuple[sp.Expr, tuple[tuple[sp.Symbol, object, sp.Expr], ...]]) -> sp.Expr:
    """⟨∂f(x), ∂f(x')⟩, summed over the entries of the weights named."""
    return sp.Add(*(sp.Sum(sp.Derivative(f3(x), w) * sp.Derivative(f3(y), w), *limits) for w, limits in weights))


def _inner(signal: type[sp.Function], index: sp.Symbol, size: sp.Expr) -> sp.Expr:
    """⟨signal(x), signal(x')⟩."""
    return sp.Sum(signal(index, x) * signal(index, y), (index, 1, size))


_GRADIENTS = _by(
    (W1[p, q], ((p, 1, d1), (q, 1, d0))),
    (W2[r, p], ((r, 1, d2), (p, 1, d1))),
    (W3[r], ((r, 1, d2),)),
)
_INPUTS = sp.Sum(x[q] * y[q], (q, 1, d0))
_LAYERS = (_INPUTS * _inner(b1, p, d1), _inner(g1, p, d1) * _inner(b2, r, d2), _inner(g2, r, d2))
_DOMAIN = (
    (d0, NAT),
    (d1, NAT),
    (d2, NAT),
    (c_sigma, POSITIVE),
    (x[ell], REALS),
    (y[ell], REALS),
    (W1[i, ell], REALS),
    (W2[j, i], REALS),
    (W3[j], REALS),
)


def _weights(
    layers: tuple[list[list[str]], list[list[str]], list[str]], inputs: tuple[list[str], list[str]], c: str, of: sp.Expr
) -> Point:
    first, second, third = layers
    return {
        d0: len(first[0]),
        d1: len(first),
        d2: len(third),
        W1: entries(first),
        W2: entries(second),
        W3: family(*third),
        x: family(*inputs[0]),
        y: family(*inputs[1]),
        c_sigma: sp.Rational(c),
        sigma: sp.Lambda(z, of),
        sigma_prime: sp.Lambda(z, of.diff(z)),
    }


_NETWORKS: tuple[Point, ...] = (
    _weights(([["1/3"]], [["2"], ["-1"]], ["1", "3"]), (["2"], ["1/2"]), "1/2", z**2 + z),
    _weights(([["1"], ["-1"]], [["1/2", "1"]], ["-2"]), (["1/2"], ["-3"]), "3", sp.exp(z / 2)),
)

IM_NETWORK = Claim(
    id="im-def-network",
    title="The inner product of two gradients of a network is a sum over its layers",
    source=Source(
        document=Document.IM,
        where="section 2, first display",
        printed="$g^((0)) (x) = x$, $f^((h)) (x) = W^((h)) g^((h-1)) (x)$, $g^((h)) (x) = sqrt(c_sigma / d_h) "
        "sigma(f^((h)) (x))$ for $h$ from 1 to $L$, $W^((h))$ is a $d_h times h_(h-1)$ real matrix, $f(theta, x) = "
        "f^((L+1)) (x)$",
    ),
    hypotheses=(
        "$L = 2$ hidden layers of any widths $d_1$, $d_2$, one output, $f^((3)) = W^((3)) g^((2))$; $sigma$ is any "
        "differentiable activation and $c_sigma > 0$. $W^((h))$ is a $d_h times d_(h-1)$ matrix.",
        "$b^((h))_i = partial f \\/ partial f^((h))_i$ is the backward signal: $b^((3)) = 1$, and $b^((h))$ as the "
        "chain "
        "rule gives it from $b^((h+1))$.",
        "That the displays define the network meant is tested by what the kernel of the report rests on: $chevron.l "
        "partial f(x), partial f(x') chevron.r = sum_(h=1)^(L+1) chevron.l g^((h-1)) (x), g^((h-1)) (x') chevron.r "
        "chevron.l b^((h)) (x), b^((h)) (x') chevron.r$, without any limit.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            statement=Identity(lhs=_GRADIENTS, rhs=sp.Add(*_LAYERS), where=_network(), domain=_DOMAIN),
            routes=(
                Derivation(name="chain rule", derive=sum_identities.by_rules, spots=_NETWORKS[1:]),
                Certificate(name="small networks", points=_NETWORKS),
            ),
            mutants=(
                Mutant(
                    name="an activation at the output",
                    why_false="Every derivative has one more factor then, $sigma'(f^((3)))$.",
                    change={"where": _network(output=sigma(z))},
                ),
                Mutant(
                    name="without the factor 1/d of the first layer",
                    why_false="The activations of the first layer are then $sqrt(d_1)$ times as large, the backward "
                    "signals on the right are not; $d_1 > 1$ in the last of these networks.",
                    change={"where": _network(scale=c_sigma)},
                ),
                Mutant(
                    name="without the read-out",
                    why_false="The derivatives by $W^((3))$ contribute $chevron.l g^((2)) (x), g^((2)) (x') "
                    "chevron.r$.",
                    change={"rhs": sp.Add(*_LAYERS[:2])},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
    note="Printed is a $d_h times h_(h-1)$ matrix, where $d_h times d_(h-1)$ is meant, and the definition of $f^((h))$ "
    "is used up to $h = L + 1$. The report does not say that the entries of $W^((h))$ are independent $cal(N)(0, 1)$, "
    "which its limits need.",
)

CLAIMS = (IM_NETWORK,)
