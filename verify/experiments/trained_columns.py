"""The columns that measures of trained networks have in common: one entry for each network, suprema over [0, T]."""

from verify.quantities import quantity

kernel_drift = quantity(
    "kernel_drift",
    typst="sup_t norm(upright(bold(K))(t) - upright(bold(K))(0)) / norm(upright(bold(K))(0))",
    latex=r"\sup_t\frac{\|\mathbf K(t)-\mathbf K(0)\|}{\|\mathbf K(0)\|}",
    text="sup_t ‖K(t) − K(0)‖/‖K(0)‖",
    meaning="how far the kernel matrix moves in training, relative to its Frobenius norm at the start",
)

linear_gap = quantity(
    "linear_gap",
    typst='sup_t norm(upright(bold(u))(t) - upright(bold(u))^"lin" (t))',
    latex=r"\sup_t\|\mathbf u(t)-\mathbf u^{\mathrm{lin}}(t)\|",
    text="sup_t ‖u(t) − u^lin(t)‖",
    meaning="the distance of the outputs on the training points to those of the linearised network trained alike",
)

test_gap = quantity(
    "test_gap",
    typst='sup_t max_x abs(f_t (x) - f_t^"lin" (x))',
    latex=r"\sup_t\max_x|f_t(x)-f_t^{\mathrm{lin}}(x)|",
    text="sup_t max_x |f_t(x) − f_t^lin(x)|",
    meaning="the distance to the linearised network trained alike, at the test points",
)

movement = quantity(
    "movement",
    typst="sup_t norm(theta(t) - theta(0))",
    latex=r"\sup_t\|\theta(t)-\theta(0)\|",
    text="sup_t ‖θ(t) − θ(0)‖",
    meaning="how far all trained parameters together move",
)

neuron_movement = quantity(
    "neuron_movement",
    typst="sup_t max_r norm(theta_r (t) - theta_r (0))",
    latex=r"\sup_t\max_r\|\theta_r(t)-\theta_r(0)\|",
    text="sup_t max_r ‖θ_r(t) − θ_r(0)‖",
    meaning="how far the parameters of one neuron move at most",
)

start_residual = quantity(
    "start_residual",
    typst="norm(upright(bold(y)) - upright(bold(u))(0))",
    latex=r"\|\mathbf y-\mathbf u(0)\|",
    text="‖y − u(0)‖",
    meaning="the norm of the residual at the start",
)

final_residual = quantity(
    "final_residual",
    typst="norm(upright(bold(y)) - upright(bold(u))(T))",
    latex=r"\|\mathbf y-\mathbf u(T)\|",
    text="‖y − u(T)‖",
    meaning="the norm of the residual at the end of training",
)

lowest = quantity(
    "lowest",
    typst="limits(lambda)_macron",
    latex=r"\underline\lambda",
    text="λ̲",
    meaning="a lower bound of the smallest eigenvalue of K over the whole path",
)

own_regression_gap = quantity(
    "own_regression_gap",
    typst="max_x abs(f_T (x) - f_0 (x) - upright(bold(k))_0 (x)^top upright(bold(K))_0^(-1) (upright(bold(y)) - "
    "upright(bold(f))_0))",
    latex=r"\max_x|f_T(x)-f_0(x)-\mathbf k_0(x)^\top\mathbf K_0^{-1}(\mathbf y-\mathbf f_0)|",
    text="max_x |f_T(x) − f_0(x) − k_0(x)ᵀK_0⁻¹(y − f_0)|",
    meaning="the distance to kernel regression with the network's own kernel at the start, at the test points",
)

regression_gap = quantity(
    "regression_gap",
    typst="max_x abs(hat(f)_T (x) - upright(bold(k))^infinity (x)^top (upright(bold(K))^infinity)^(-1) "
    "upright(bold(y)))",
    latex=r"\max_x|\hat f_T(x)-\mathbf k^\infty(x)^\top(\mathbf K^\infty)^{-1}\mathbf y|",
    text="max_x |f̂_T(x) − k^∞(x)ᵀ(K^∞)⁻¹y|",
    meaning="the distance of the network less its start to kernel regression with the limiting kernel",
)

raw_regression_gap = quantity(
    "raw_regression_gap",
    typst="max_x abs(f_T (x) - upright(bold(k))^infinity (x)^top (upright(bold(K))^infinity)^(-1) upright(bold(y)))",
    latex=r"\max_x|f_T(x)-\mathbf k^\infty(x)^\top(\mathbf K^\infty)^{-1}\mathbf y|",
    text="max_x |f_T(x) − k^∞(x)ᵀ(K^∞)⁻¹y|",
    meaning="the distance of the network itself, nothing subtracted, to kernel regression with the limiting kernel",
)

alignment_change = quantity(
    "alignment_change",
    typst="A(T) - A(0)",
    latex=r"A(T)-A(0)",
    text="A(T) − A(0)",
    meaning="how much the alignment of the kernel with the labels, A = yᵀKy/(‖K‖ ‖y‖²), changes in training",
)
