"""Forms of the discussion's parts (a) and (b) that are put to trained networks: gradient flow of both layers.

λ̄ is a lower bound of λ_min(K(t)) over the whole path and γ an upper bound of every |a_r(t)|, both found from the path
with the integrator's error; C(σ, X, n) = n max(‖σ‖∞, ‖σ'‖∞) max ‖x_i‖ is the constant of the printed solution.
"""

from collections.abc import Mapping

import sympy as sp

from verify.claim import Form, Measurement, Mutant, Role
from verify.decide.design import Violation
from verify.experiments.training import (
    FLOW_PATHS,
    constant_c,
    label_norm,
    lambda_bar,
    lambda_max,
    readout_bound,
    readout_speed,
    residual_norm,
    t,
    weight_speed,
)
from verify.statement import Inequality

SETTING = (
    "On trained networks: $sigma = Phi$ (the normal distribution function), $a_r in {plus.minus 1}$ and $bold(w)_r "
    "tilde cal(N)(0, I)$ at initialisation, both layers trained; $n = 4$ unit inputs with pairwise inner products "
    "$1\\/5$ and the labels $(1, -1, 1, -1)$; times up to 60."
)

_m = sp.Symbol("m", integer=True, positive=True)
_ROUTES = (Measurement(name="trained networks", experiment=FLOW_PATHS),)
_PILOT = Violation(
    at_least=0.88,
    undecided_at_most=1e-12,
    source="independent pilot of 250 networks at each of the widths 64, 256 and 1024: all keep each bound, and each "
    "mutant is violated by all but at most 2 of 250, so a probability below 0.88 is excluded but for a chance of 1e-9. "
    "That a path decides nothing takes λ_min(K) <= 0, while K is a mean of m bounded terms, hence sub-Gaussian, and "
    "λ_min was found at 0.124 ± 0.007 at m = 64; or an integration error as large as the bound's margin",
)


def _form(
    role: Role,
    remark: str,
    lhs: sp.Expr,
    rhs: sp.Expr,
    mutants: Mapping[str, tuple[str, str, sp.Expr]],
    *,
    restates: bool = False,
) -> Form:
    """A bound along the paths; mutants by name: why it is false, the slot that changes and its new value."""
    return Form(
        role=role,
        remark=remark,
        statement=Inequality(lhs=lhs, rhs=rhs),
        routes=_ROUTES,
        design=_PILOT,
        restates=restates,
        mutants=tuple(
            Mutant(name=name, why_false=why_false, change={slot: value})
            for name, (why_false, slot, value) in mutants.items()
        ),
    )


def _decay(rate: sp.Expr) -> sp.Expr:
    return label_norm**2 * sp.exp(-rate * t)


DECAY = _form(
    Role.PRINTED,
    "Along the paths of trained networks.",
    residual_norm**2,
    _decay(2 * lambda_bar),
    {
        "twice the rate": (
            "The labels lie in the bottom eigenspace of $bold(K)^infinity$, along which the residual decays at the "
            "rate $lambda_min$.",
            "rhs",
            _decay(4 * lambda_bar),
        ),
        "the largest eigenvalue for the smallest": (
            "The residual decays at the smallest eigenvalue along the bottom eigenspace.",
            "rhs",
            _decay(2 * lambda_max),
        ),
        "the norm for its square": (
            "The norm decays at half the rate of its square.",
            "lhs",
            residual_norm * label_norm,
        ),
    },
    restates=True,
)


def _speed(role: Role, remark: str, speed: sp.Expr, factor: sp.Expr, rate: sp.Expr) -> Form:
    """The bound m^(-1/2) ‖y‖ factor C e^(-rate·t) on a speed; a corrected form comes with its mutants."""
    bound = label_norm * factor * constant_c * sp.exp(-rate * t) / sp.sqrt(_m)
    mutants = {
        "the printed exponent": (
            "The norm of the residual, not its square, bounds the speed, and it decays at the rate "
            "$overline(lambda)$ only.",
            "rhs",
            bound * sp.exp(-lambda_bar * t),
        ),
        "the largest eigenvalue for the smallest": (
            "The residual, and with it the speed, decays at the smallest eigenvalue along the bottom eigenspace.",
            "rhs",
            bound * sp.exp((lambda_bar - lambda_max) * t),
        ),
    }
    return _form(role, remark, speed, bound, mutants if role is Role.CORRECTED else {}, restates=True)


_AS_PRINTED = "As printed, along the paths of trained networks."
_CORRECTED = "With the exponent $-t overline(lambda)$, along the same paths."

WEIGHT_SPEED = (
    _speed(Role.PRINTED, _AS_PRINTED, weight_speed, readout_bound, 2 * lambda_bar),
    _speed(Role.CORRECTED, _CORRECTED, weight_speed, readout_bound, lambda_bar),
)
READOUT_SPEED = (
    _speed(Role.PRINTED, _AS_PRINTED, readout_speed, sp.S.One, 2 * lambda_bar),
    _speed(Role.CORRECTED, _CORRECTED, readout_speed, sp.S.One, lambda_bar),
)
