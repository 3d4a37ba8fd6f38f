"""Is fractional variance a measure of what can be learned? Kernel regression of polynomials on the Boolean cube."""

import sympy as sp

from verify.claim import Claim, Document, Form, Measurement, Mutant, Role, Source
from verify.decide.design import FailureProbability
from verify.experiments.cube_polynomials import CUBE_POLYNOMIALS, other_rank_correlation, rank_correlation
from verify.statement import ProbabilityBound
from verify.verdict import Verdict

k = sp.Symbol("k", integer=True, positive=True)
_BOUND, _LEVEL, _SAMPLES = sp.Rational(-1, 4), sp.Rational(1, 5), sp.Integer(32)

_PILOT = "independent pilot of 5000 polynomials of each degree with 32 examples, and of 2000 with 64"


def _always(where: str) -> FailureProbability:
    return FailureProbability(at_least=0.9, source=f"{_PILOT}: {where}")


IM_LEARNED = Claim(
    id="im-claim-fracvar-learn",
    title="The larger the fractional variance of a degree, the better its polynomials are learned",
    source=Source(
        document=Document.IM,
        where="section 3, after display 3",
        printed="Then, degree k fractional variance is roughly a measure of how well a degree k polynomial could be "
        "learned.",
    ),
    hypotheses=(
        "'A measure' is read as an order: over many kernels, those with the larger fractional variance of degree $k$ "
        "have the smaller test error on polynomials of degree $k$. 'Roughly': the rank correlation of the two, "
        "Spearman's $r_k$, is below $-1\\/4$; at $-1$ the order would be perfect.",
        "32 kernels of fully connected networks: the CK and NTK of ReLU and erf networks with 1, 2, 4 and 8 hidden "
        "layers, $sigma_w^2 = 1$ and $4$, $sigma_b^2 = 1\\/10$. The fractional variances are computed from certified "
        "eigenvalues on the cube of dimension 8.",
        "Targets are polynomials with independent normal coefficients, all of whose terms have degree $k$. Kernel "
        "regression sees $m$ of the 256 inputs, drawn at random, with a ridge of $10^(-3)$ times $K(x, x)$ on the "
        "diagonal; the test error is the mean square over the other inputs. The report names no number of examples; 32 "
        "is tested here, and in the full run 64 too.",
    ),
    forms=(
        Form(
            role=Role.TESTED,
            statement=ProbabilityBound(
                deviation=rank_correlation,
                bound=_BOUND,
                level=_LEVEL,
                width=_SAMPLES,
                domain=((k, sp.FiniteSet(1, 2, 3, 4)),),
            ),
            routes=(Measurement(name="kernel regression with 32 kernels", experiment=CUBE_POLYNOMIALS),),
            design=FailureProbability(
                at_most=0.012,
                source=f"{_PILOT}: none had a correlation above the bound, so a probability above 0.012 is excluded "
                "but for a chance of 1e-10",
            ),
            mutants=(
                Mutant(
                    name="the opposite order",
                    why_false="Errors fall where the fractional variance grows.",
                    change={"deviation": -rank_correlation},
                    design=_always("all correlations were negative"),
                ),
                Mutant(
                    name="a perfect order",
                    why_false="It is a rough measure: the errors depend on the other degrees too, which act as noise.",
                    change={"bound": sp.Rational(-9, 10)},
                    design=_always("no correlation was below -0.9"),
                ),
                Mutant(
                    name="the fractional variance of another degree",
                    why_false="That of degree 3 says nothing good of linear functions.",
                    change={"deviation": other_rank_correlation},
                    design=FailureProbability(
                        at_least=0.9,
                        at=(("k", 1),),
                        source=f"{_PILOT}: for $k = 1$ all correlations with degree 3 were positive",
                    ),
                ),
            ),
        ),
    ),
    expected=Verdict.SUPPORTED,
    note="A heuristic that holds for this design. How strong the correlation is depends on the kernels, on the number "
    "of examples and on the degree: from about $-0.8$ at degree 3 with 32 examples to $-0.4$ at degree 2 with 64.",
)

CLAIMS = (IM_LEARNED,)
