"""The mean tangent kernel of a network with two hidden layers given its first layer, apart from its linear part.

ReLU network f = √(2/m₂) a·max(F₂, 0), F₂ = √(2/m) W₂ max(F₁, 0), F₁ = W₁x, all weights independent N(0, 1), no biases;
unit inputs x, x' with xᵀx' = ρ, and F₁ = (u_i), (v_i) at the two. The first layer enters through

    A = (2/m) Σ u_i²[u_i > 0],  B = (2/m) Σ v_i²[v_i > 0],  C, N = (2/m) Σ (u_i v_i, 1) [u_i > 0, v_i > 0],

the entries of the Gram matrix of the first layer and twice the fraction of neurons active at both inputs, whose means
are 1, 1, κ₁(ρ), κ₀(ρ), and through A₊, B₊, the parts of A, B of those neurons. Let r = C/√(AB). The mean over the
second layer and the read-out is, for every number m₂ of neurons there,

    T = √(AB) κ₁(r) + κ₀(r) (C + ρN) + (4ρ/m) r κ₀'(r) (1 - (A₊/A + B₊/B)/2),
    κ₀(r) = (π - arccos r)/π,  κ₁(r) = (√(1-r²) + r(π - arccos r))/π.

The first two terms are what independent weights in the backward pass would give: 2E[σσ] and 2E[σ'σ'] over the second
layer. The third comes of the same W₂ in both passes: an entry w of a row W of W₂ has E[w² φ(W·g, W·g')] =
E[φ] + g²E[φ₁₁] + 2gg'E[φ₁₂] + g'²E[φ₂₂] (integration by parts), with φ the product of the two steps.

T - Θ, with Θ = κ₁(κ) + κ₀(κ)(κ + ρκ₀(ρ)), κ = κ₁(ρ), is a linear function of (A - 1, B - 1, C - κ₁(ρ), N - κ₀(ρ)), of
mean 0, plus a remainder of order 1/m. So the mean of the remainder is E[Θ̂] - Θ, at every width.
"""

import math

import numpy as np

from numerics.data import span
from numerics.streams import Columns, Parameters
from numerics.wide.patterns import pattern_sums

_FIRST, _SECOND, _BOTH = 1, 2, 3
"""The sign patterns "active at x alone", "active at x' alone" and "active at both inputs"."""


def kappa_0(r: float | np.ndarray) -> np.ndarray:
    """2E[σ'(u)σ'(v)] at unit variances and correlation r."""
    return 1 - np.arccos(r) / np.pi


def kappa_1(r: float | np.ndarray) -> np.ndarray:
    """2E[σ(u)σ(v)] at unit variances and correlation r."""
    return np.sqrt((1 - r) * (1 + r)) / np.pi + r * kappa_0(r)


def first_layers(width: int, rho: float, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Draw (A, B, C, N, A₊, B₊) of first layers of the given width, |ρ| < 1: (6, draws)."""
    factor = span(rho).T
    key = int(rng.integers(2**64, dtype=np.uint64))
    sums = [pattern_sums(key, draw, 1, width, factor) for draw in range(draws)]
    counts = np.array([of_draw[0] for of_draw in sums])
    grams = factor.T @ np.array([of_draw[1] for of_draw in sums]) @ factor
    both = grams[:, _BOTH]
    a, b = both[:, 0, 0] + grams[:, _FIRST, 0, 0], both[:, 1, 1] + grams[:, _SECOND, 1, 1]
    return 2 / width * np.stack([a, b, both[:, 0, 1], counts[:, _BOTH], both[:, 0, 0], both[:, 1, 1]])


def conditional_mean(layers: np.ndarray, width: int, rho: float) -> np.ndarray:
    """T, from (A, B, C, N, A₊, B₊); 0 where no neuron is active at one of the inputs."""
    a, b, c, n, a_both, b_both = layers
    live = (a > 0) & (b > 0)
    a, b = np.where(live, a, 1.0), np.where(live, b, 1.0)
    r = np.minimum(c / np.sqrt(a * b), 1.0)
    apart = r < 1  # at r = 1 all active neurons are active at both inputs, and the last term is 0
    slope = np.where(apart, r / (np.pi * np.sqrt(np.where(apart, (1 - r) * (1 + r), 1.0))), 0.0)
    shared = 1 - (a_both / a + b_both / b) / 2
    mean = np.sqrt(a * b) * kappa_1(r) + kappa_0(r) * (c + rho * n) + 4 * rho / width * slope * shared
    return np.where(live, mean, 0.0)


def remainder(layers: np.ndarray, width: int, rho: float) -> np.ndarray:
    """T - Θ less its linear part in (A, B, C, N)."""
    a, b, c, n = layers[:4]
    kappa, slope = float(kappa_1(rho)), float(kappa_0(rho))
    value, second = float(kappa_1(kappa)), float(kappa_0(kappa))
    curved = (kappa + rho * slope) / (math.pi * math.sqrt((1 - kappa) * (1 + kappa)))
    limit = value + second * (kappa + rho * slope)
    by_variance = (value - kappa * second - kappa * curved) / 2
    linear = by_variance * (a + b - 2) + (2 * second + curved) * (c - kappa) + rho * second * (n - slope)
    return conditional_mean(layers, width, rho) - limit - linear


def second_order(parameters: Parameters, rng: np.random.Generator) -> Columns:
    """Draw the remainder for first layers of width `m` at two unit inputs with inner product `rho`.

    Columns, one entry for each of the `draws`: `remainder`; with a parameter `k` instead `mean_remainder`, m times the
    mean over k independent networks.
    """
    width, rho, draws = int(parameters["m"]), float(parameters["rho"]), int(parameters["draws"])
    networks = int(parameters.get("k", 1))
    found = remainder(first_layers(width, rho, draws * networks, rng), width, rho)
    if "k" not in parameters:
        return {"remainder": found}
    return {"mean_remainder": width * found.reshape(draws, networks).mean(axis=1)}
