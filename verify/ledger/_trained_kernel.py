"""How far a kernel entry moves when the neurons it is a mean over move a little: the step from weights to kernels."""

import sympy as sp

from derivations.sum_bounds import Part, by_parts
from verify.claim import Certificate, Derivation, Form, Mutant, Point, Role
from verify.ledger._points import family
from verify.statement import Inequality

m = sp.Symbol("m", integer=True, positive=True)
r = sp.Symbol("r", integer=True)
B, delta = sp.symbols("B delta", positive=True)
p, q, p0, q0 = (sp.IndexedBase(name, real=True) for name in ("p", "q", "p_0", "q_0"))

HYPOTHESES = (
    "An entry of $bold(G)$ or $bold(H)$ is, up to the factor $bold(x)_i^top bold(x)_j$, $1/m sum_r p_r q_r$ with $p_r$ "
    "and $q_r$ a function of the neuron's parameters at $bold(x)_i$ and $bold(x)_j$: $sigma(bold(w)_r^top bold(x))$ in "
    "$bold(G)$, $a_r sigma'(bold(w)_r^top bold(x))$ in $bold(H)$; $p_(0, r)$ and $q_(0, r)$ are their values at the "
    "start.",
    "$B$ bounds them all, by the bounds on $sigma$, $sigma'$ and $a_r$, and $delta$ how far they move: where no neuron "
    "moves by more than $omega$ and $norm(bold(x)) <= 1$, in $bold(G)$ $delta = norm(sigma')_infinity omega$, and in "
    "$bold(H)$ for fixed $a_r = plus.minus 1$ $delta = norm(sigma'')_infinity omega$ (and $norm(sigma')_infinity$ "
    "times the movement of $a_r$ besides, where it is trained). By part (b) $omega = O(m^(-1\\/2))$.",
)

_MOVED, _MOVED_TOO = p[r] - p0[r], q[r] - q0[r]
_BOUNDED = sp.Interval(-B, B)
_CHANGE = sp.Sum(p[r] * q[r] - p0[r] * q0[r], (r, 1, m)) / m


def _part(text: str, size: sp.Expr, moved: sp.Expr) -> Part:
    return Part(text, sp.Sum(size * moved, (r, 1, m)) / (2 * m), given=(size, moved))


def _point(bound: str, moved: str, *neurons: tuple[str, str, str, str]) -> Point:
    at = {name: family(*values) for name, values in zip((p0, q0, p, q), zip(*neurons, strict=True), strict=True)}
    return {m: len(neurons), B: sp.Rational(bound), delta: sp.Rational(moved), **at}


_POINTS = (
    _point("1", "1/100", ("99/100", "99/100", "1", "1")),
    _point("1", "1/100", *[("-99/100", "-99/100", "-1", "-1")] * 5),
    _point("2", "1/2", ("1", "-2", "3/2", "-3/2"), ("0", "1/3", "-1/4", "1/2"), ("2", "2", "3/2", "2")),
)
"""In the first two all neurons move the same way, near the bound: the change is nearly as large as it may be."""

ENTRY = Form(
    role=Role.TESTED,
    remark="The step from the weights to the kernel: an entry moves by at most $2 B delta$ (the other sign by "
    "exchanging the start and the end).",
    statement=Inequality(
        lhs=_CHANGE,
        rhs=2 * B * delta,
        domain=(
            (m, sp.S.Naturals),
            (B, sp.Interval.open(0, sp.oo)),
            (delta, sp.Interval.open(0, sp.oo)),
            *((base[r], _BOUNDED) for base in (p, q, p0, q0)),
            (_MOVED, sp.Interval(-delta, delta)),
            (_MOVED_TOO, sp.Interval(-delta, delta)),
        ),
    ),
    routes=(
        Derivation(
            name="two differences, neuron by neuron",
            derive=by_parts(
                _part("A factor and a movement keep their bounds.", B - p[r], delta + _MOVED_TOO),
                _part("They keep the others too.", B + p[r], delta - _MOVED_TOO),
                _part("So do the other factor and its movement.", B - q0[r], delta + _MOVED),
                _part("And on the other side.", B + q0[r], delta - _MOVED),
            ),
            spots=_POINTS,
        ),
        Certificate(name="balls at small networks", points=_POINTS),
    ),
    mutants=(
        Mutant(
            name="half the constant",
            why_false="Both factors move, and where all move the same way their changes add up.",
            change={"rhs": B * delta},
        ),
        Mutant(
            name="of the order of the square of the movement",
            why_false="The change is of first order: only the signs of $a_r$ cancel it in the mean, for some $sigma$.",
            change={"rhs": 2 * delta**2},
        ),
        Mutant(
            name="for one neuron of m",
            why_false="All neurons move, and the mean over them is no smaller than what one does.",
            change={"rhs": 2 * B * delta / m},
        ),
    ),
)

lam, c = sp.symbols("lambda c", positive=True)
_NEEDED = 4 * c / lam


def _wide(width: int, eigenvalue: str, constant: str) -> Point:
    return {m: width, lam: sp.Rational(eigenvalue), c: sp.Rational(constant)}


_WIDTHS = (
    _wide(16, "1", "1"),
    _wide(64, "1/2", "1"),
    _wide(400, "1/3", "1/5"),
    _wide(4, "1", "1"),
    _wide(10, "1", "1"),
)
"""At the first two the width is the smallest allowed; the last two are too narrow: of use only where a mutant is wider.
"""

WIDE_ENOUGH = Form(
    role=Role.TESTED,
    remark="The width that is enough: where $bold(K)(0)$ is within $lambda\\/4$ of $bold(K)^infinity$ and training "
    "moves it by at most $c\\/sqrt(m)$ while $lambda_min (bold(K)(t)) >= lambda\\/2$, that holds on if $sqrt(m) >= 4 "
    "c\\/lambda$; $lambda = lambda_min (bold(K)^infinity)$.",
    statement=Inequality(
        lhs=lam / 2,
        rhs=lam - lam / 4 - c / sp.sqrt(m),
        domain=(
            (m, sp.S.Naturals),
            (lam, sp.Interval.open(0, sp.oo)),
            (c, sp.Interval.open(0, sp.oo)),
            (sp.sqrt(m) - _NEEDED, sp.Interval(0, sp.oo)),
        ),
    ),
    routes=(
        Derivation(
            name="one factor",
            derive=by_parts(
                Part(
                    "The width is large enough.",
                    lam / (4 * sp.sqrt(m)) * (sp.sqrt(m) - _NEEDED),
                    given=(sp.sqrt(m) - _NEEDED,),
                )
            ),
            spots=_WIDTHS,
        ),
        Certificate(name="balls at some widths", points=_WIDTHS),
    ),
    mutants=(
        Mutant(
            name="half the root of the width",
            why_false="Then $c\\/sqrt(m)$ may be $lambda\\/2$, and only $lambda\\/4$ is left.",
            change={
                "domain": (
                    (m, sp.S.Naturals),
                    (lam, sp.Interval.open(0, sp.oo)),
                    (c, sp.Interval.open(0, sp.oo)),
                    (sp.sqrt(m) - _NEEDED / 2, sp.Interval(0, sp.oo)),
                )
            },
        ),
        Mutant(
            name="two thirds of the eigenvalue",
            why_false="At the smallest width allowed exactly half of it is left.",
            change={"lhs": 2 * lam / 3},
        ),
    ),
)
