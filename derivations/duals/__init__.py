"""Dual activations in closed form, each with its proof: `dual` of an expression in `x`."""

from derivations.duals.dual import Dual, dual
from derivations.duals.fixed_points import FixedPoint
from derivations.duals.terms import NoClosedForm, x

__all__ = ["Dual", "FixedPoint", "NoClosedForm", "dual", "x"]
