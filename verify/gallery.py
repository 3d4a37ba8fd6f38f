"""Well-known activations, with what is known of their duals."""

import time
from typing import Any

import sympy as sp

from derivations.activations import sigma
from derivations.correlation_maps import CorrelationMap
from derivations.duals import Dual
from derivations.duals.gallery import GALLERY
from derivations.language import parse, x
from derivations.numerical_gallery import NUMERICAL_GALLERY
from verify.activation import best_dual, phase
from verify.enclosure import as_ball
from verify.typeset import formula


def gallery() -> list[tuple[str, sp.Expr]]:
    """Well-known activations by name, those with closed forms first."""
    return [*GALLERY, *((name, parse(text)) for name, text in NUMERICAL_GALLERY)]


def entry(name: str, activation: sp.Expr, *, digits: int) -> dict[str, Any]:
    """A line of the gallery, as JSON: how the dual of an activation is found, its normalisation and slope at 1."""
    start = time.monotonic()
    found, reason = best_dual(activation)
    duals = CorrelationMap(found, digits)
    return {
        "name": name,
        "formula": formula(sp.Eq(sigma(x), found.activation, evaluate=False)).text,
        "closed_form": isinstance(found, Dual),
        "reason": reason,
        "normalisation": as_ball(duals.normalisation, digits).model_dump(),
        "slope": as_ball(duals.slope_at_one, digits).model_dump() if duals.smooth else None,
        "phase": phase(duals),
        "seconds": round(time.monotonic() - start, 2),
    }
