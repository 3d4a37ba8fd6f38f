"""Vocabulary of the claims on the pseudo-NTK: the networks, the inputs, and the sentence on its rates."""

import sympy as sp

from verify.claim import Measurement
from verify.experiments.pseudo_ntk import PSEUDO_NTK

m, L = sp.symbols("m L", integer=True, positive=True)
DEPTHS = ((L, sp.FiniteSet(1, 2)),)
NETWORKS = Measurement(name="random networks of growing width", experiment=PSEUDO_NTK)
NETWORK = (
    "ReLU, $L$ hidden layers of width $m$, $f_j = 1\\/sqrt(m) sum_r v_(j r) h_r$ up to the constant of the "
    "parametrisation, all weights independent $cal(N)(0, 1)$ and trained, no biases; at initialisation."
)
INPUTS = (
    "Tested with $O = 3$ outputs at four unit inputs of $bb(R)^3$, the unit vectors and $(-1, -2, -2)\\/3$; the fifth "
    "input is $(3\\/5, 4\\/5, 0)$."
)
RATE_PRINTED = (
    "The kernel, its largest eigenvalue, and kernel regression outputs all converge to the full eNTK result at rate "
    "$cal(O)(1\\/sqrt(m))$"
)
