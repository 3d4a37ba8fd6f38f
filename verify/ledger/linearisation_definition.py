"""The definition of the linearisation: what it agrees with at the start."""

import sympy as sp

from derivations import sum_identities
from derivations.models import model, output, output_slope
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger.square_loss import SETTING
from verify.statement import Identity
from verify.verdict import Verdict

i = sp.Symbol("i", integer=True)
w, w0 = sp.symbols("w w_0", real=True)
f_lin = sp.Function("f_lin", real=True)

_ONE_PARAMETER = ((i, sp.S.Naturals), (w, sp.S.Reals), (w0, sp.S.Reals))
_VALUE, _SLOPE = output(i, w0), output_slope(i, w0)
_MODELS: tuple[Point, ...] = tuple(
    {i: 1, w: sp.Rational(end), w0: sp.Rational(start), **model(i, w, formula)}
    for formula, start, end in (
        (i * w**2, "1", "3"),
        (sp.tanh(i * w), "-1/2", "0"),
        (2 * w + i, "1/3", "-4"),
        (sp.exp(w) - w, "2", "5/2"),
    )
)


def _defined(meaning: sp.Expr) -> tuple[tuple[sp.Expr, sp.Expr], ...]:
    return ((f_lin(w), meaning),)


def _linearised(role: Role, meaning: sp.Expr, lhs: sp.Expr, rhs: sp.Expr, remark: str, *mutants: Mutant) -> Form:
    """A form that says lhs = rhs for f^lin with this definition."""
    return Form(
        role=role,
        remark=remark,
        statement=Identity(lhs=lhs, rhs=rhs, where=_defined(meaning), domain=_ONE_PARAMETER),
        routes=(
            Derivation(name="the definition", derive=sum_identities.by_rules, spots=_MODELS[:3]),
            Certificate(name="balls for concrete models", points=_MODELS),
        ),
        mutants=mutants,
    )


_CORRECT = _VALUE + _SLOPE * (w - w0)

DS_MIS_FLIN = Claim(
    id="ds-mis-flin",
    title="The linearisation is the value and the gradient times the movement",
    source=Source(
        document=Document.DS,
        where="'Linearized solution', definition of the linearised network",
        printed='Let\'s define an explicit approximation: $f^"lin" (bold(x); bold(w)) = f(bold(x); bold(w)_0) + '
        "nabla_bold(w) f(bold(x); bold(w))|_(bold(w)_0)$",
    ),
    hypotheses=(
        *SETTING,
        "As printed the sum is one of a number and a row of $D$ numbers, which is defined for $D = 1$ only; it is "
        "put to the test there. What makes it an approximation is that it agrees with $f$ to first order at "
        "$bold(w)_0$.",
    ),
    forms=(
        _linearised(Role.PRINTED, _VALUE + _SLOPE, f_lin(w0), _VALUE, "As printed: its value at the start."),
        _linearised(
            Role.CORRECTED,
            _CORRECT,
            f_lin(w0),
            _VALUE,
            "With the factor $bold(w) - bold(w)_0$, as on a later slide: its value at the start.",
            Mutant(
                name="with w in place of the movement",
                why_false="At the start it is off by $f'(w_0) w_0$.",
                change={"where": _defined(_VALUE + _SLOPE * w)},
            ),
            Mutant(
                name="without the value at the start",
                why_false="At the start it is zero, and $f$ is not.",
                change={"where": _defined(_SLOPE * (w - w0))},
            ),
        ),
        _linearised(
            Role.CORRECTED,
            _CORRECT,
            sp.Derivative(f_lin(w), w, evaluate=False),
            _SLOPE,
            "And its derivative.",
            Mutant(
                name="as printed",
                why_false="It does not depend on $w$: its derivative is zero.",
                change={"where": _defined(_VALUE + _SLOPE)},
            ),
            Mutant(
                name="with the movement reversed",
                why_false="Its derivative has the opposite sign.",
                change={"where": _defined(_VALUE + _SLOPE * (w0 - w))},
            ),
        ),
    ),
    expected=Verdict.REFUTED,
    note="The slides after 'How good is the approximation?' print it with the factor $bold(w) - bold(w)_0$.",
)

CLAIMS = (DS_MIS_FLIN,)
