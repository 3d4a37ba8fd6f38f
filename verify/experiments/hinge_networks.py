"""Two-layer erf networks trained on the hinge loss, against the support vector machines of their limiting kernels."""

from collections.abc import Mapping

from numerics.kernel_machines import hinge_networks
from verify.experiment import Experiment, Parameters, Profile
from verify.quantities import quantity


def _at(common: dict[str, float | int | str], draws: Mapping[int, int]) -> tuple[Parameters, ...]:
    """The same parameters at every width, with the draws of that width: the two ends decide on a rate."""
    return tuple({**common, "m": width, "draws": number} for width, number in draws.items())


svm_gap = quantity(
    "svm_gap",
    typst='max_x abs(hat(f)(x) - f_"SVM" (x))',
    latex=r"\max_x|\hat f(x)-f_{\mathrm{SVM}}(x)|",
    text="max_x |f̂(x) − f_SVM(x)|",
    meaning="the largest distance, at three test points, of a trained network from the support vector machine of the "
    "limiting tangent kernel",
)

svm_gap_readout = quantity(
    "svm_gap_readout",
    typst='max_x abs(hat(f)(x) - f_("SVM", Sigma) (x))',
    latex=r"\max_x|\hat f(x)-f_{\mathrm{SVM},\Sigma}(x)|",
    text="max_x |f̂(x) − f_(SVM,Σ)(x)|",
    meaning="the same distance from the support vector machine of the kernel of the read-out",
)

svm_gap_half = quantity(
    "svm_gap_half",
    typst='max_x abs(hat(f)(x) - f_("SVM", C\\/2) (x))',
    latex=r"\max_x|\hat f(x)-f_{\mathrm{SVM},C/2}(x)|",
    text="max_x |f̂(x) − f_(SVM,C/2)(x)|",
    meaning="the same distance from the support vector machine of the tangent kernel with the bound C/2",
)

svm_gap_intercept = quantity(
    "svm_gap_intercept",
    typst='max_x abs(hat(f)(x) - f_("SVM", b) (x))',
    latex=r"\max_x|\hat f(x)-f_{\mathrm{SVM},b}(x)|",
    text="max_x |f̂(x) − f_(SVM,b)(x)|",
    meaning="the same distance from the support vector machine of the tangent kernel with an intercept",
)

readout_svm_gap = quantity(
    "readout_svm_gap",
    typst='max_x abs(f_T (x) - f_("SVM", Sigma) (x))',
    latex=r"\max_x|f_T(x)-f_{\mathrm{SVM},\Sigma}(x)|",
    text="max_x |f_T(x) − f_(SVM,Σ)(x)|",
    meaning="the largest distance, at three test points, of a network trained with a penalty on its read-out from the "
    "support vector machine of the kernel of the read-out",
)

readout_svm_gap_tangent = quantity(
    "readout_svm_gap_tangent",
    typst='max_x abs(f_T (x) - f_"SVM" (x))',
    latex=r"\max_x|f_T(x)-f_{\mathrm{SVM}}(x)|",
    text="max_x |f_T(x) − f_SVM(x)|",
    meaning="the same distance from the support vector machine of the limiting tangent kernel",
)

REGULARISED = Experiment(
    id="hinge-networks-regularised",
    title="Two-layer erf networks at the minimum of the hinge loss plus ½‖θ − θ₀‖², four examples of the plane",
    yields="samples",
    measure=hinge_networks.regularised,
    cells={
        Profile.QUICK: _at({}, {512: 1000, 4096: 64, 32768: 400}),
        Profile.FULL: _at({}, {512: 2000, 4096: 400, 32768: 1000, 262144: 200}),
    },
)

PENALISED_READOUT = Experiment(
    id="hinge-networks-penalised-readout",
    title="Two-layer erf networks trained by implicit steps on the hinge loss plus ½‖a‖², four examples of the plane",
    yields="samples",
    measure=hinge_networks.penalised_readout,
    cells={
        Profile.QUICK: _at({"step": 1.0, "steps": 12}, {64: 400, 512: 64, 4096: 300}),
        Profile.FULL: _at({"step": 0.5, "steps": 30}, {64: 1000, 512: 400, 4096: 400, 32768: 400}),
    },
)
