"""Random features: the tangent kernel of a linear model in functions drawn at random."""

import numpy as np

from numerics.streams import Columns, Parameters, batches, standard_normals


def feature_kernel(parameters: Parameters, rng: np.random.Generator) -> Columns:
    """Draw the tangent kernel of F_θ = P^(-1/2) Σ_p θ_p f^(p), the P functions f^(p) independent Gaussian processes.

    The functions have two outputs, independent of each other, with the covariance of the two at inputs x and x' given
    by `variance` at each and `covariance` between them. The kernel P⁻¹ Σ_p f^(p)(x) f^(p)(x')ᵀ is a 2×2 matrix.
    Columns, one entry for each of the `draws`: its entries `feature_kernel` (outputs 1, 1) and `feature_kernel_across`
    (outputs 1, 2), and its trace `feature_trace` = P⁻¹ Σ_p f^(p)(x)ᵀ f^(p)(x').
    """
    variance, covariance = float(parameters["variance"]), float(parameters["covariance"])
    factor = np.linalg.cholesky(np.array([[variance, covariance], [covariance, variance]]))
    number = int(parameters["P"])
    kernels = []
    for count in batches(int(parameters["draws"]), 4 * number):
        functions = factor @ standard_normals(rng, count, number, 2, 2)  # (draws, P, inputs, outputs)
        here, there = functions[:, :, 0], functions[:, :, 1]
        kernels.append(np.moveaxis(here, 1, 2) @ there / number)
    kernel = np.concatenate(kernels)
    return {
        "feature_kernel": kernel[:, 0, 0],
        "feature_kernel_across": kernel[:, 0, 1],
        "feature_trace": kernel[:, 0, 0] + kernel[:, 1, 1],
    }
