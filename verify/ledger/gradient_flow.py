"""Gradient flow on the square loss: how the residual decays, how fast weights move, and the closed form of linear flow."""

import sympy as sp

from derivations import closed_form, gradient_flow, weight_speed
from derivations.confined_flow import Quantity, SigmoidFlow
from derivations.flows import LinearFlow
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.statement import Identity, Inequality
from verify.verdict import Verdict

n, m, d, q_ = sp.symbols("n m d q", integer=True, positive=True)
i, j, k, l = sp.symbols("i j k l", integer=True)
s = sp.Symbol("s", real=True)
t = sp.Symbol("t", nonnegative=True)
lambda_bar, gamma, X, S0, S1, C = sp.symbols("lambda_bar gamma X S_0 S_1 C", positive=True)
y = sp.IndexedBase("y", real=True)
r, F, K = (sp.Function(name, real=True) for name in "rFK")

POSITIVE, NONNEGATIVE = sp.Interval.open(0, sp.oo), sp.Interval(0, sp.oo)
