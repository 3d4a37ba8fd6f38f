"""The matrix of features of Lecture 12's network as a linear map, and its limit at infinite width."""

from collections.abc import Sequence

import sympy as sp

from derivations.expressions import Expect, step
from verify.claim import Point
from verify.ledger._lecture_network import SETTING, W0, a, d, f, i, j, k, m, n, x
from verify.ledger._points import entries, family

u, t, rho = sp.symbols("u v rho", real=True)
v = sp.IndexedBase("v", real=True)
K = sp.Function("K", real=True)

# One entry of φ, and what φ does to a vector v of the examples.

SLOPE = sp.Derivative(f(i, W0), W0[j, k])
TOTAL = sp.Sum(SLOPE**2, (i, 1, n), (j, 1, m), (k, 1, d))
"""‖φ‖_F²."""
ACROSS = sp.Sum(sp.Sum(v[i] * SLOPE, (i, 1, n)) ** 2, (j, 1, m), (k, 1, d))
"""‖φᵀv‖²."""
LENGTH = sp.Sum(v[i] ** 2, (i, 1, n))
VECTOR = (v[i], sp.S.Reals)
SIZES = SETTING[1:]
"""The setting without a particular example."""
ENDS = (
    "$sigma_min (phi)$ and $sigma_max (phi)$ are the least and the largest $norm(phi^top v)_2\\/norm(v)_2$ over $v in "
    "bb(R)^n$, and $norm(phi)_F^2 = sum_i norm(phi^((i)))_2^2$."
)


def network_with(
    weights: Sequence[Sequence[object]], inputs: Sequence[Sequence[object]], direction: Sequence[object]
) -> Point:
    """A network with these weights and signs that take turns, inputs, and a vector v with an entry for each input."""
    return {
        m: len(weights),
        d: len(inputs[0]),
        n: len(inputs),
        a: family(*(1 if place % 2 else -1 for place in range(len(weights)))),
        W0: entries(weights),
        x: entries(inputs),
        v: family(*direction),
    }


NEURONS = (["1", "-2"], ["1/3", "1"], ["2", "1/2"], ["-1", "-1"])
HALF = sp.S.Half
KERNEL = (K(rho), rho * Expect(step(u) * step(t), (u, t), [[1, rho], [rho, 1]]))
"""The entry of the limit of φφᵀ at unit inputs with the inner product ρ, without the closed form."""
