"""A model with several outputs is differentiated in its parameter alone, and a point says what it is."""

import sympy as sp

from derivations.predictors import prediction, prediction_slope, predictor
from verify import typeset

i, k, w = sp.symbols("i k w", real=True)


def test_the_derivative_in_the_parameter_has_a_name_and_no_other_exists() -> None:
    assert prediction(i, k, 2 * w).diff(w) == 2 * prediction_slope(i, k, 2 * w)
    assert prediction_slope(i, k, w).diff(w).has(sp.Derivative)
    assert prediction(i, k, w).diff(i).has(sp.Derivative)


def test_a_point_says_what_the_model_and_its_derivative_are() -> None:
    at = predictor((i, k, w), i * w**2 + k)
    assert at[prediction](2, 1, 3) == 19
    assert at[prediction_slope](2, 1, 3) == 12


def test_it_prints_with_its_output_its_example_and_its_parameter() -> None:
    shown = typeset.formula(sp.Eq(prediction(i, k, w) ** 2, prediction_slope(i, k, w), evaluate=False))
    assert shown.text == "F_k(x_i, w)² = ∂_w F_k(x_i, w)"
    assert r"\mathcal{F}" in shown.latex
