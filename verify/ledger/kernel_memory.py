"""How much memory a kernel matrix takes, empirical and infinite, in the examples of the slides."""

import sympy as sp

from derivations import relu_identities
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.statement import Identity
from verify.verdict import Verdict

N, O = sp.symbols("N O", integer=True, positive=True)  # noqa: E741 - the document's name of the number of outputs
B, terabyte, gigabyte = (sp.Symbol(name, positive=True) for name in ("B", "TB", "GB"))
"""The bytes of a kernel matrix, and the units they are counted in."""
_WHERE_PRINTED = "'Computing empirical NTKs'"
_DOUBLES = "Every entry takes 8 bytes (double precision); a terabyte is $10^12$ bytes, a gigabyte $10^9$."


def _rounded(value: sp.Expr, decimals: int) -> sp.Expr:
    """The nearest number with so many decimals."""
    return sp.floor(10**decimals * value + sp.Rational(1, 2)) / sp.Integer(10) ** decimals


def _sizes(examples: int, outputs: int = 0) -> tuple[tuple[sp.Basic, sp.Set], ...]:
    found = ((N, sp.FiniteSet(examples)),)
    return (*found, (O, sp.FiniteSet(outputs))) if outputs else found


def _routes(*points: Point) -> tuple[Derivation, Certificate]:
    return (
        Derivation(name="arithmetic", derive=relu_identities.exhaustive, spots=points),
        Certificate(name="balls", points=points, covers_domain=True),
    )


_CIFAR = _routes({N: 60000, O: 10}, {N: 50000, O: 10})
"""The training images alone are 50,000: outside the domain of the claims, of use where a mutant says so."""
TERABYTES, GIGABYTES = (terabyte, sp.Integer(10) ** 12), (gigabyte, sp.Integer(10) ** 9)
FULL, ONE_BLOCK = (B, 8 * (N * O) ** 2), (B, 8 * N**2)
SINGLE, SINGLE_BLOCK = (B, 4 * (N * O) ** 2), (B, 4 * N**2)

DS_MEM_CIFAR = Claim(
    id="ds-mem-cifar",
    title="The empirical kernel of CIFAR-10 takes 2.8 terabytes",
    source=Source(
        document=Document.DS,
        where=_WHERE_PRINTED,
        printed="If we have $O$ outputs, $bold(K)$ is $N O times N O$. CIFAR-10: $N = 60,000$, $O = 10$: 2.8 "
        "terabytes in memory",
    ),
    hypotheses=(_DOUBLES, "$N = 60,000$ are the training and test images together."),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="The size in terabytes to one decimal is 2.8, rounded as the other numbers of the slide are.",
            statement=Identity(
                lhs=_rounded(B / terabyte, 1), rhs=sp.Rational("2.8"), where=(FULL, TERABYTES), domain=_sizes(60000, 10)
            ),
            routes=_CIFAR,
        ),
        Form(
            role=Role.CORRECTED,
            remark="It is 2.88 terabytes exactly.",
            statement=Identity(
                lhs=B / terabyte, rhs=sp.Rational("2.88"), where=(FULL, TERABYTES), domain=_sizes(60000, 10)
            ),
            routes=_CIFAR,
            mutants=(
                Mutant(
                    name="in units of 2^40 bytes",
                    why_false="It is 2.62 of these.",
                    change={"where": (FULL, (terabyte, sp.Integer(2) ** 40))},
                ),
                Mutant(
                    name="in single precision",
                    why_false="With 4 bytes for an entry it is 1.44 terabytes.",
                    change={"where": (SINGLE, TERABYTES)},
                ),
                Mutant(
                    name="the training images alone",
                    why_false="For $N = 50,000$ it is 2 terabytes.",
                    change={"domain": _sizes(50000, 10)},
                ),
                Mutant(
                    name="N × N blocks of one output",
                    why_false="Without the outputs it is 0.0288 terabytes.",
                    change={"where": (ONE_BLOCK, TERABYTES)},
                ),
            ),
        ),
    ),
    expected=Verdict.REFUTED,
    note="2.88 rounds to 2.9; 2.8 is what is left when the second decimal is cut off. On the same slide 28.8 "
    "gigabytes, a hundredth of it, are printed as 29. The symmetric matrix could be stored in half the memory.",
)

_IMAGENET = _routes({N: 1200000, O: 1000})

DS_MEM_IMAGENET = Claim(
    id="ds-mem-imagenet",
    title="The empirical kernel of ImageNet takes 11,520,000 terabytes",
    source=Source(
        document=Document.DS,
        where=_WHERE_PRINTED,
        printed="Imagenet: $N approx 1,200,000$, $O = 1000$: 11,520,000 terabytes in memory",
    ),
    hypotheses=(_DOUBLES, "$N = 1,200,000$."),
    forms=(
        Form(
            role=Role.PRINTED,
            statement=Identity(
                lhs=B / terabyte, rhs=sp.Integer(11520000), where=(FULL, TERABYTES), domain=_sizes(1200000, 1000)
            ),
            routes=_IMAGENET,
            mutants=(
                Mutant(
                    name="in single precision",
                    why_false="With 4 bytes for an entry it is half of it.",
                    change={"where": (SINGLE, TERABYTES)},
                ),
                Mutant(
                    name="linear in the number of outputs",
                    why_false="It leaves out a factor of 1000.",
                    change={"where": ((B, 8 * N**2 * O), TERABYTES)},
                ),
                Mutant(
                    name="in units of 2^40 bytes",
                    why_false="There are 10,477,379 of these.",
                    change={"where": (FULL, (terabyte, sp.Integer(2) ** 40))},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
)

_CIFAR_BLOCK = _routes({N: 60000}, {N: 50000})
_IMAGENET_BLOCK = _routes({N: 1200000})

DS_MEM_INF = Claim(
    id="ds-mem-inf",
    title="The infinite kernel takes 29 gigabytes for CIFAR-10 and 11.52 terabytes for ImageNet",
    source=Source(
        document=Document.DS,
        where=_WHERE_PRINTED,
        printed="For the infinite NTK, we can actually ignore the $O$ part. […] CIFAR-10 becomes 29 gigabytes, "
        "ImageNet 11.52 terabytes",
    ),
    hypotheses=(_DOUBLES, "One $N times N$ matrix is stored, for all outputs together."),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="CIFAR-10, to the nearest gigabyte.",
            statement=Identity(
                lhs=_rounded(B / gigabyte, 0), rhs=sp.Integer(29), where=(ONE_BLOCK, GIGABYTES), domain=_sizes(60000)
            ),
            routes=_CIFAR_BLOCK,
            mutants=(
                Mutant(
                    name="the training images alone",
                    why_false="For $N = 50,000$ it is 20 gigabytes.",
                    change={"domain": _sizes(50000)},
                ),
                Mutant(
                    name="cut off, not rounded",
                    why_false="28.8 without its decimals is 28.",
                    change={"lhs": sp.floor(B / gigabyte)},
                ),
                Mutant(
                    name="in units of 2^30 bytes",
                    why_false="It is 26.8 of these.",
                    change={"where": (ONE_BLOCK, (gigabyte, sp.Integer(2) ** 30))},
                ),
            ),
        ),
        Form(
            role=Role.PRINTED,
            remark="ImageNet, exactly.",
            statement=Identity(
                lhs=B / terabyte, rhs=sp.Rational("11.52"), where=(ONE_BLOCK, TERABYTES), domain=_sizes(1200000)
            ),
            routes=_IMAGENET_BLOCK,
            mutants=(
                Mutant(
                    name="in single precision",
                    why_false="With 4 bytes for an entry it is 5.76 terabytes.",
                    change={"where": (SINGLE_BLOCK, TERABYTES)},
                ),
                Mutant(
                    name="the empirical kernel divided by the number of outputs once",
                    why_false="The outputs count twice, for rows and for columns: it would be 11,520 terabytes.",
                    change={"rhs": sp.Integer(11520)},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
    note="28.8 gigabytes, rounded.",
)

CLAIMS = (DS_MEM_CIFAR, DS_MEM_IMAGENET, DS_MEM_INF)
