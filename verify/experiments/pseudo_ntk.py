"""Wide ReLU networks with three outputs at initialisation: their tangent kernel beside the pseudo-NTK."""

from numerics import several_outputs
from verify.experiment import Experiment, Profile
from verify.experiments import cells
from verify.quantities import quantity

block_entry = quantity(
    "block_entry",
    typst="hat(Theta)_12 (x, x')",
    latex=r"\hat\Theta_{12}(x, x')",
    text="Θ̂₁₂(x, x')",
    meaning="the empirical NTK between the first output at x and the second at x'",
)

diagonal_gap = quantity(
    "diagonal_gap",
    typst="(hat(Theta)_11 - tilde(k)) (x, x')",
    latex=r"(\hat\Theta_{11} - \tilde k)(x, x')",
    text="(Θ̂₁₁ − k̃)(x, x')",
    meaning="the empirical NTK of the first output less the pseudo-NTK",
)

sum_gap = quantity(
    "sum_gap",
    typst="(hat(Theta)_11 - O tilde(k)) (x, x')",
    latex=r"(\hat\Theta_{11} - O \tilde k)(x, x')",
    text="(Θ̂₁₁ − O k̃)(x, x')",
    meaning="the empirical NTK of the first output less the kernel of the sum of the outputs itself",
)

kernel_error = quantity(
    "kernel_error",
    typst="(norm(hat(Theta) - tilde(k) times.o I)_F)/(norm(hat(Theta))_F)",
    latex=r"\frac{\|\hat\Theta - \tilde k\otimes I\|_F}{\|\hat\Theta\|_F}",
    text="‖Θ̂ − k̃ ⊗ I‖_F/‖Θ̂‖_F",
    meaning="the distance of the empirical NTK of all outputs from the pseudo-NTK times the identity, relative",
)

top_error = quantity(
    "top_error",
    typst="abs(lambda_max (hat(Theta)) - lambda_max (tilde(k)))/(lambda_max (hat(Theta)))",
    latex=r"\frac{|\lambda_{\max}(\hat\Theta) - \lambda_{\max}(\tilde k)|}{\lambda_{\max}(\hat\Theta)}",
    text="|λ_max(Θ̂) − λ_max(k̃)|/λ_max(Θ̂)",
    meaning="the relative error of the largest eigenvalue of the pseudo-NTK",
)

prediction_error = quantity(
    "prediction_error",
    typst="(norm(f_hat(Theta) (x) - f_tilde(k) (x)))/(norm(f_hat(Theta) (x)))",
    latex=r"\frac{\|f_{\hat\Theta}(x) - f_{\tilde k}(x)\|}{\|f_{\hat\Theta}(x)\|}",
    text="‖f_Θ̂(x) − f_k̃(x)‖/‖f_Θ̂(x)‖",
    meaning="the relative distance of the predictions of the kernel regressions with the empirical and the pseudo-NTK",
)

sum_top_error = quantity(
    "sum_top_error",
    typst="abs(lambda_max (hat(Theta)) - O lambda_max (tilde(k)))/(lambda_max (hat(Theta)))",
    latex=r"\frac{|\lambda_{\max}(\hat\Theta) - O \lambda_{\max}(\tilde k)|}{\lambda_{\max}(\hat\Theta)}",
    text="|λ_max(Θ̂) − O λ_max(k̃)|/λ_max(Θ̂)",
    meaning="the relative error of the largest eigenvalue of the kernel of the sum of the outputs itself",
)

uncentred_error = quantity(
    "uncentred_error",
    typst="(norm(f_hat(Theta) (x) - f^0_tilde(k) (x)))/(norm(f_hat(Theta) (x)))",
    latex=r"\frac{\|f_{\hat\Theta}(x) - f^0_{\tilde k}(x)\|}{\|f_{\hat\Theta}(x)\|}",
    text="‖f_Θ̂(x) − f⁰_k̃(x)‖/‖f_Θ̂(x)‖",
    meaning="the same with the pseudo-NTK fitted to the labels as if the network were 0 at initialisation",
)

PSEUDO_NTK = Experiment(
    id="pseudo-ntk-at-initialisation",
    title="Empirical NTK and pseudo-NTK of random ReLU networks with L hidden layers of width m and three outputs",
    yields="samples",
    measure=several_outputs.comparison,
    cells={
        Profile.QUICK: tuple(
            cell
            for L in (1, 2)
            for m, draws in {128: 3000, 1024: 600, 4096: 1400}.items()
            for cell in cells({"L": L, "O": 3, "draws": draws}, (m,))
        ),
        Profile.FULL: tuple(
            cell
            for L in (1, 2)
            for m, draws in {128: 10000, 1024: 4000, 8192: 3000, 65536: 1400}.items()
            for cell in cells({"L": L, "O": 3, "draws": draws}, (m,))
        ),
    },
)
