"""The pseudo-NTK: the kernel of the sum of a network's outputs."""

import sympy as sp

from derivations import sum_identities
from derivations.sum_bounds import Part, by_parts
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger._points import entries, family
from verify.statement import Identity, Inequality
from verify.verdict import Verdict

O, D, n = sp.symbols("O D n", integer=True, positive=True)  # noqa: E741 - the document's name of the number of outputs
i, j, k, p = sp.symbols("i j k p", integer=True)
a, b, w, c = (sp.IndexedBase(name, real=True) for name in ("a", "b", "w", "c"))
g = sp.IndexedBase("g", real=True)
K = sp.Function("k", real=True)
f = sp.Function("f", real=True)

_SIZES = ((O, sp.S.Naturals), (D, sp.S.Naturals))


def _gradient(of_outputs: sp.IndexedBase, scale: sp.Expr) -> sp.Expr:
    """∂/∂w_p of scale · Σ_j f_j."""
    return sp.Derivative(scale * sp.Sum(f(j, of_outputs, w), (j, 1, O)), w[p])


def _pseudo(scale: sp.Expr) -> sp.Expr:
    return sp.Sum(_gradient(a, scale) * _gradient(b, scale), (p, 1, D))


_WHERE = (
    (f(j, a, w), sp.Sum(a[j, i] * w[i], (i, 1, D))),
    (K(j, k), sp.Sum(a[j, i] * b[k, i], (i, 1, D))),
)
_DOMAIN = (*_SIZES, (a[j, i], sp.S.Reals), (b[j, i], sp.S.Reals), (w[i], sp.S.Reals))
_ALL_BLOCKS = sp.Sum(K(j, k), (j, 1, O), (k, 1, O))


def _point(first: list[list[object]], second: list[list[object]]) -> Point:
    """The gradients of the outputs at two inputs, one row for each output."""
    size = len(first[0])
    return {O: len(first), D: size, a: entries(first), b: entries(second), w: family(*range(1, size + 1))}


_POINTS: tuple[Point, ...] = (
    _point([["1", "2", "0"], ["-1", "1/2", "3"]], [["2", "0", "1"], ["1", "1", "-1"]]),
    _point([["1", "2"], ["3", "-1"], ["1/2", "0"]], [["1", "1"], ["0", "2"], ["-3", "1"]]),
    _point([["1", "0"], ["0", "1"]], [["1", "0"], ["1", "1"]]),
    _point([["3"]], [["1/2"]]),
)
_INPUTS: tuple[Point, ...] = (
    {
        n: 2,
        O: 2,
        D: 2,
        g: {
            (1, 1, 1): 1,
            (1, 1, 2): 2,
            (1, 2, 1): -3,
            (1, 2, 2): 0,
            (2, 1, 1): 4,
            (2, 1, 2): 1,
            (2, 2, 1): 0,
            (2, 2, 2): -1,
        },
        c: family("1", "1/2"),
    },
    {n: 1, O: 2, D: 1, g: {(1, 1, 1): 1, (1, 2, 1): -1}, c: family("3")},
    {n: 2, O: 1, D: 1, g: {(1, 1, 1): 2, (2, 1, 1): -1}, c: family("1", "1")},
)
"""The gradients g(i, j, p) of the outputs j at the inputs i."""
_SUMMED = sp.Sum(g[i, j, p], (j, 1, O))
_OTHER = sp.Sum(g[k, j, p], (j, 1, O))
_FORM = sp.Sum(c[i] * c[k] * sp.Sum(_SUMMED * _OTHER, (p, 1, D)), (i, 1, n), (k, 1, n)) / O

DS_PNTK_DEF = Claim(
    id="ds-pntk-def",
    title="The pseudo-NTK is the sum of all blocks' entries over the number of outputs",
    source=Source(
        document=Document.DS,
        where="'Pseudo-NTK'",
        printed="$tilde(k)_bold(w) (bold(x)_1, bold(x)_2) = [nabla_bold(w) 1/sqrt(O) sum_(j=1)^O f_j (bold(x)_1; "
        "bold(w))] dot [nabla_bold(w) 1/sqrt(O) sum_(j=1)^O f_j (bold(x)_2; bold(w))]$",
    ),
    hypotheses=(
        "$a_j$ and $b_j$ are the gradients of the output $j$ at $bold(x)_1$ and $bold(x)_2$, any vectors of "
        "$bb(R)^D$; of the outputs only this first order matters. $k_(j k) = chevron.l a_j, b_k chevron.r$ is the "
        "block of the empirical kernel at $(bold(x)_1, bold(x)_2)$.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="$tilde(k) = 1\\/O bold(1)^top k bold(1)$.",
            statement=Identity(lhs=_pseudo(1 / sp.sqrt(O)), rhs=_ALL_BLOCKS / O, where=_WHERE, domain=_DOMAIN),
            routes=(
                Derivation(name="the rules of sums", derive=sum_identities.by_rules, spots=_POINTS),
                Certificate(name="balls at a few gradients", points=_POINTS),
            ),
            mutants=(
                Mutant(
                    name="without 1/√O",
                    why_false="It is greater by the factor $O$.",
                    change={"lhs": _pseudo(sp.S.One)},
                ),
                Mutant(
                    name="the mean of the outputs in place of their sum over √O",
                    why_false="It is smaller by the factor $O$.",
                    change={"lhs": _pseudo(1 / O)},
                ),
                Mutant(
                    name="the mean of the diagonal entries",
                    why_false="The entries off the diagonal vanish in the mean at initialisation, not for a network.",
                    change={"rhs": sp.Sum(K(j, j), (j, 1, O)) / O},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="It is a kernel: positive semidefinite.",
            statement=Inequality(
                lhs=sp.S.Zero,
                rhs=_FORM,
                domain=((n, sp.S.Naturals), *_SIZES, (g[i, j, p], sp.S.Reals), (c[i], sp.S.Reals)),
            ),
            routes=(
                Derivation(
                    name="a sum of squares",
                    derive=by_parts(
                        Part(
                            "The squared norm of a combination of gradients.",
                            sp.Sum(sp.Sum(c[i] * g[i, j, p], (i, 1, n), (j, 1, O)) ** 2, (p, 1, D)) / O,
                        )
                    ),
                    spots=_INPUTS,
                ),
                Certificate(name="balls at a few gradients", points=_INPUTS),
            ),
            mutants=(
                Mutant(
                    name="with the sign of a negative kernel",
                    why_false="A sum of squares is not negative.",
                    change={"rhs": -_FORM},
                ),
                Mutant(
                    name="at least the mean of the squared gradients",
                    why_false="Opposite gradients of the outputs cancel in their sum.",
                    change={"lhs": sp.Sum(c[i] ** 2 * g[i, j, p] ** 2, (i, 1, n), (j, 1, O), (p, 1, D)) / O},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
)

CLAIMS = (DS_PNTK_DEF,)
