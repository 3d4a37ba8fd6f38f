"""The theorems that steps may rest on by name, without a machine check: the trust base of every derivation."""

LEMMAS: dict[str, str] = {
    "differentiation under the integral": "∂_c ∫ f = ∫ ∂_c f where ∂_c f has an integrable bound, locally uniform in c",
    "Fubini": "an absolutely convergent double integral may be taken in either order",
    "linear image of a Gaussian": "if z is a centred Gaussian vector with covariance K, Az is one with covariance AKAᵀ",
    "null set": "a change of the integrand on a set of measure zero leaves the integral as it is",
    "fundamental theorem of calculus": "F(b) = F(a) + ∫_a^b F′, for F continuously differentiable on [a, b]",
    "independence": "the expectation of a product of independent factors is the product of the expectations",
    "monotonicity of the integral": "the integral of a function that is nowhere negative is nonnegative",
    "monotonicity": "a function whose derivative is nowhere positive does not increase",
    "monotonicity of the square root": "if V² <= B² and B is not negative, then V <= B",
    "existence of linear flows": "r' = -K(t) r, K continuous, has a differentiable solution from any start",
    "uniqueness of linear flows": "two solutions of one linear differential equation that start alike are equal",
    "reindexing": "a one-to-one map between finite sets of equal size leaves the sum over them as it is",
    "spectral theorem": "a real symmetric matrix is QΛQᵀ with Q orthogonal and Λ diagonal; g(K) means Qg(Λ)Qᵀ",
}
