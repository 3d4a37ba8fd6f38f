"""Exact limits of kernels and of their fractional variances in infinite depth, L → ∞.

Normalised, the kernel tends to p + (1 - p) [c = 1] where correlations c < 1 all end at one point, and to
[c = 1] - [c = -1] where a network without biases is odd. So the fractional variances on the cube tend to those of a
constant and of white noise.

ReLU, conjugate kernel: 1 - κ₁(ρ) < 1 - ρ, so that ρ_L → 1 for all variances, and p = 1. ReLU, tangent kernel, by the
gap x_l = 1 - ρ_l, of x_{l+1} = x_l - (2√2/3π) x_l^(3/2) + …, and the slope κ₀ = 1 - √(2x)/π + …:

- without biases, and for σ_w² > 2, where q_l grows like (σ_w²/2)^l and biases are negligible, √x ~ 3π/(√2 l),
  κ₀ ~ 1 - 3/l, and T falls to p = 1/4 of its diagonal, which is (σ_w²/2)^l times what grows like l;
- for σ_w² < 2 with biases x_l falls like (σ_w²/2)^l, and p = 1;
- for σ_w² = 2 with biases q_l ~ b l, √x ~ 3π/(2√2 l), κ₀ ~ 1 - 3/(2l); T ~ α b l² with 2α = 1 - 3α/2 against 1/2 on the
  diagonal, so that p = 4/7.

erf without biases and with σ_w² > π/4: the fixed point of q is not 0, ρ ↦ arcsin(aρ)/arcsin(a) draws every |ρ| < 1
to 0, where its slope is less than at 1: both kernels tend to the odd one.
"""

from math import comb

from flint import arb, fmpq

from numerics.spectra.kernels import Kind


def plateau(activation: str, kind: Kind, weight_variance: fmpq, bias_variance: fmpq) -> fmpq | None:
    """p, the limit of Φ(c)/Φ(1) at |c| < 1; None where it is odd, 0 inside and -1 at c = -1.

    Raises ValueError unless the activation is the ReLU, or erf without biases and with σ_w² > π/4: for others no exact
    limit is known here, or it depends on c.
    """
    if activation == "erf" and bias_variance == 0 and weight_variance > arb.pi() / 4:
        return None
    if activation != "relu":
        raise ValueError(f"no exact limit in depth is known of {activation} with these variances")
    if kind is Kind.CK or (bias_variance > 0 and weight_variance < 2):
        return fmpq(1)
    return fmpq(4, 7) if bias_variance > 0 and weight_variance == 2 else fmpq(1, 4)


def fractional_variances(
    activation: str, kind: Kind, weight_variance: fmpq, bias_variance: fmpq, d: int
) -> tuple[fmpq, ...]:
    """The limits of the fractional variances of the degrees 0, …, d on {±1}^d; ValueError as `plateau`.

    They are (1 - p) C(d, k)/2^d for k >= 1, or C(d, k)/2^(d-1) for odd k where the kernel is odd.

    >>> fractional_variances("relu", Kind.NTK, fmpq(2), fmpq(0), 2)
    (7/16, 3/8, 3/16)
    """
    p = plateau(activation, kind, weight_variance, bias_variance)
    if p is None:
        return tuple(fmpq(comb(d, k) * (k % 2), 2 ** (d - 1)) for k in range(d + 1))
    noise = [(1 - p) * fmpq(comb(d, k), 2**d) for k in range(d + 1)]
    return (noise[0] + p, *noise[1:])
