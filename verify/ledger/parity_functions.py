"""The kernels of wide networks on the Boolean cube: parity functions are their eigenfunctions."""

import sympy as sp
from sympy.matrices.expressions.sets import MatrixSet

from derivations.kernel_spectra import KernelEigenvalue
from derivations.matrices import by_algebra
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger._cube import all_bits, bits, krawtchouk, over_cube, parity, relu_ck
from verify.statement import Identity
from verify.verdict import Verdict

N = sp.Symbol("N", integer=True, positive=True)
z = sp.Symbol("z", real=True)
q = sp.Symbol("q", integer=True, nonnegative=True)
A, U, M = (sp.MatrixSymbol(name, N, N) for name in "AUM")
P, E, S = (sp.MatrixSymbol(name, 2, 2) for name in "PES")
I = sp.Identity(2)  # noqa: E741 - the identity, named as one

_PRINTED = (
    "Then, over the boolean cube, the eigenfunctions of the kernels are the parity functions of all subsets of the d "
    "dimensions, and the eigenvalues actually only depend on the cardinality of the the set of dimensions in the "
    "parity function."
)
_WHERE = "section 3, on the Boolean cube"
_EVERY_KERNEL = (
    "The inputs $x$ are uniform on $\\{plus.minus 1\\}^d$ and the kernel is $Phi(chevron.l x, y chevron.r\\/d)$, as "
    "every CK and NTK of a fully connected network is on inputs of one norm. $chi_S (x)$ is the product of the "
    "coordinates of $x$ in $S$."
)
_BITS = (
    "Coordinates are written $(-1)^(a_i)$, and $s_i = 1$ for the coordinates $i$ in $S$. Two inputs that differ in $q$ "
    "coordinates have $chevron.l x, y chevron.r = d - 2 q$, so that every kernel is a sum of multiples of the kernels "
    "$delta$ that are 1 where that number is $q$ and 0 elsewhere."
)


def _matrix(*rows: tuple[object, ...]) -> sp.Matrix:
    return sp.Matrix([[sp.Rational(entry) for entry in row] for row in rows])


_FLIP = _matrix((0, 1), (1, 0))
_PAIR = _matrix((3, 1), (1, 3))
"""A kernel on the cube of dimension 1."""
_PARITIES, _SIGNS = _matrix((1, 1), (1, -1)), _matrix((1, 0), (0, -1))
_ODD = {P: _FLIP, E: _PARITIES, S: _SIGNS}
_FACTORS: tuple[Point, ...] = (
    {N: 2, z: sp.Rational(1, 3), **_ODD, A: _PAIR, U: _PARITIES, M: _matrix((4, 0), (0, 2))},
    {N: 1, z: sp.Rational(-2), **_ODD, A: _matrix((5,)), U: _matrix((1,)), M: _matrix((5,))},
)


def _diagonalised(matrix: sp.MatrixExpr, vectors: sp.MatrixExpr, values: sp.MatrixExpr) -> tuple[sp.Basic, sp.Set]:
    return matrix * vectors - vectors * values, sp.FiniteSet(sp.ZeroMatrix(*vectors.shape))


_LARGER, _PRODUCTS = sp.KroneckerProduct(I + z * P, A), sp.KroneckerProduct(E, U)
_EIGENVECTORS = (
    (N, sp.S.Naturals),
    (z, sp.S.Reals),
    *((matrix, MatrixSet(*matrix.shape, sp.S.Reals)) for matrix in (A, U, M, P, E, S)),
    _diagonalised(A, U, M),
    _diagonalised(P, E, S),
)

_SMALL = 3
_A, _S, _T = (bits(name, _SMALL) for name in ("a", "s", "t"))
_EVERYWHERE: tuple[Point, ...] = tuple(
    {**point, q: distance} for point in all_bits(_A, _S) for distance in range(_SMALL + 1)
)
_ZERO_ONE = sp.FiniteSet(0, 1)


def _finite(*families: tuple[sp.Symbol, ...], most: int) -> tuple[tuple[sp.Basic, sp.Set], ...]:
    return (*((bit, _ZERO_ONE) for family in families for bit in family), (q, sp.FiniteSet(*range(most + 1))))


def _differing(a: tuple[sp.Symbol, ...], b: tuple[sp.Symbol, ...]) -> sp.Expr:
    return sp.Add(*((one - other) ** 2 for one, other in zip(a, b, strict=True)))


_SHELL = sp.KroneckerDelta(_differing(_A, _T), q)
_APPLIED = over_cube(_SHELL * parity(_S, _T), _T)

IM_PARITY = Claim(
    id="im-id-parity-eigen",
    title="On the cube the eigenfunctions are the parity functions",
    source=Source(document=Document.IM, where=_WHERE, printed=_PRINTED),
    hypotheses=(
        _EVERY_KERNEL,
        "First form: $A$ is the matrix with entries $z$ to the number of coordinates in which two points of the cube "
        "differ, $P$ swaps $plus.minus 1$, and $(I + z P) times.o A$ is the matrix $A$ of the cube with one "
        "coordinate more. From the cube of one point, where $A = 1$, all cubes are reached: what is derived is the "
        "step, for every $A$, and this induction is not in the chain. The columns of $U$ are eigenvectors of $A$ and "
        "$M$ is diagonal, with the eigenvalues; $E$ has the columns $(1, 1)$ and $(1, -1)$, and $S$ is diagonal with "
        "entries $1$ and $-1$. A parity function is the product of one of these columns for each coordinate: the "
        "second one if it is in the set. The powers of $z$ in $A$ are the kernels that are 1 at one distance, of "
        "which every kernel is a combination.",
        "Second form: " + _BITS,
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="From one dimension to the next, for every dimension: the columns of $E times.o U$ are "
            "eigenvectors, and each eigenvalue takes the factor $1 + z$ or $1 - z$. So the parity function of $k$ "
            "coordinates has the eigenvalue $(1 - z)^k (1 + z)^(d - k)$.",
            statement=Identity(
                lhs=_LARGER * _PRODUCTS,
                rhs=_PRODUCTS * sp.KroneckerProduct(I + z * S, M),
                domain=_EIGENVECTORS,
            ),
            routes=(
                Derivation(
                    name="the mixed product of Kronecker",
                    derive=by_algebra(
                        given=((A * U, U * M), (P * E, E * S)),
                        text="Each factor is applied to its own eigenvectors.",
                    ),
                    spots=_FACTORS,
                ),
                Certificate(name="small kernels, exactly", points=_FACTORS),
            ),
            mutants=(
                Mutant(
                    name="the same factor for every coordinate",
                    why_false="For a coordinate in the set it is $1 - z$.",
                    change={"rhs": _PRODUCTS * sp.KroneckerProduct((1 + z) * I, M)},
                ),
                Mutant(
                    name="the sum of the eigenvalues",
                    why_false="They are multiplied.",
                    change={
                        "rhs": _PRODUCTS * (sp.KroneckerProduct(I + z * S, sp.Identity(N)) + sp.KroneckerProduct(I, M))
                    },
                ),
                Mutant(
                    name="the delta functions",
                    why_false="The kernel is not diagonal: its eigenfunctions are not those that are 1 at one input.",
                    change={"lhs": _LARGER, "rhs": sp.KroneckerProduct(I + z * S, M)},
                ),
            ),
        ),
        Form(
            role=Role.PRINTED,
            remark="Coordinate by coordinate in three dimensions, for all subsets, all inputs, and the "
            "kernels of which all others are combinations.",
            statement=Identity(
                lhs=_APPLIED,
                rhs=krawtchouk(q, sp.Add(*_S), sp.Integer(_SMALL)) * parity(_S, _A),
                domain=_finite(_A, _S, most=_SMALL),
            ),
            routes=(Certificate(name="all subsets, inputs and distances", points=_EVERYWHERE, covers_domain=True),),
            mutants=(
                Mutant(
                    name="without the value at the input",
                    why_false="An eigenvalue times the function, not times 1.",
                    change={"rhs": krawtchouk(q, sp.Add(*_S), sp.Integer(_SMALL))},
                ),
                Mutant(
                    name="a kernel that knows the inputs apart",
                    why_false="A kernel that depends on $x$ and $y$ in other ways than by their inner product need not "
                    "have these eigenfunctions.",
                    change={"lhs": over_cube(_SHELL * (1 + _T[0]) * parity(_S, _T), _T)},
                ),
            ),
        ),
    ),
    expected=Verdict.CERTIFIED,
    note="What is proved is the step from a dimension to the next; as no chain carries the induction out, the claim is "
    "only as strong as the certificate in three dimensions. There are $2^d$ parity functions and they are orthonormal, "
    "so there is no other eigenfunction but combinations of those with equal eigenvalues.",
)

_FOUR = 4
_SUBSET, _AT = bits("s", _FOUR), bits("t", _FOUR)
_SUBSETS: tuple[Point, ...] = tuple(
    {**point, q: distance} for point in all_bits(_SUBSET) for distance in range(_FOUR + 1)
)
_CARDINALITY, _MINUSES = sp.Add(*_SUBSET), sp.Add(*_AT)
_D = sp.Integer(_FOUR)
_SUM_OF_SHELL = over_cube(sp.KroneckerDelta(_MINUSES, q) * parity(_SUBSET, _AT), _AT) / 2**_FOUR

_S4, _T4 = bits("s", _FOUR), bits("t", _FOUR)
_VARIANCES = sp.Integer(2), sp.Rational(1, 2)


def _kernel_sum(of_minuses: sp.Expr) -> sp.Expr:
    return over_cube(relu_ck(1 - 2 * of_minuses / _D, *_VARIANCES) * parity(_S4, _T4), _T4) / 2**_FOUR


def _engine(dimension: sp.Expr, degree: sp.Expr) -> sp.Expr:
    return KernelEigenvalue("cube", "relu", "ck", 1, *_VARIANCES, dimension, degree)


IM_CARDINALITY = Claim(
    id="im-id-mu-cardinality",
    title="On the cube the eigenvalues depend on the number of coordinates alone",
    source=Source(document=Document.IM, where=_WHERE, printed=_PRINTED),
    hypotheses=(
        _EVERY_KERNEL,
        _BITS
        + " The eigenvalue at $S$ is the mean of $Phi(sum_i y_i\\/d) chi_S (y)$ over the cube: the kernel applied to "
        "$chi_S$, at $x = (1, dots, 1)$.",
        "Both forms are in four dimensions; for all others see im-id-parity-eigen.",
        "Second form: the CK of a ReLU network with one hidden layer, $sigma_w^2 = 2$, $sigma_b^2 = 1\\/2$. The right "
        "side is computed as all eigenvalues of this report are, with Krawtchouk's integers; the left side is the "
        "definition.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="For any kernel, in four dimensions: the mean depends on $sum_i s_i$ alone. It is an integer of "
            "Krawtchouk over $2^d$, the coefficient of $z^q$ in $2^(-d) (1 - z)^k (1 + z)^(d - k)$.",
            statement=Identity(
                lhs=_SUM_OF_SHELL,
                rhs=krawtchouk(q, _CARDINALITY, _D) / 2**_FOUR,
                domain=_finite(_SUBSET, most=_FOUR),
            ),
            routes=(Certificate(name="all subsets and distances", points=_SUBSETS, covers_domain=True),),
            mutants=(
                Mutant(
                    name="the complement of the set",
                    why_false="The parity functions of a set and of its complement have different eigenvalues at odd "
                    "distances.",
                    change={"rhs": krawtchouk(q, _D - _CARDINALITY, _D) / 2**_FOUR},
                ),
                Mutant(
                    name="degree and distance exchanged",
                    why_false="Krawtchouk's integers are symmetric in these but for a factor $binom(d, q)\\/binom(d, "
                    "k)$.",
                    change={"rhs": krawtchouk(_CARDINALITY, q, _D) / 2**_FOUR},
                ),
                Mutant(
                    name="a kernel with a heavier coordinate",
                    why_false="If the first coordinate counts twice in the inner product, the eigenvalue depends on "
                    "whether it is in the set.",
                    change={
                        "lhs": over_cube(sp.KroneckerDelta(_MINUSES + _AT[0], q) * parity(_SUBSET, _AT), _AT) / 2**_FOUR
                    },
                ),
            ),
        ),
        Form(
            role=Role.PRINTED,
            remark="For a network's kernel, in four dimensions.",
            statement=Identity(
                lhs=_kernel_sum(sp.Add(*_T4)),
                rhs=_engine(_D, sp.Add(*_S4)),
                domain=tuple((bit, _ZERO_ONE) for bit in _S4),
            ),
            routes=(Certificate(name="all subsets", points=all_bits(_S4), covers_domain=True),),
            mutants=(
                Mutant(
                    name="the sum in place of the mean",
                    why_false="It is 16 times as large.",
                    change={"lhs": _kernel_sum(sp.Add(*_T4)) * 2**_FOUR},
                ),
                Mutant(
                    name="the position in place of the number",
                    why_false="$S = \\{1\\}$ and $S = \\{4\\}$ have one eigenvalue.",
                    change={"rhs": _engine(_D, sp.Max(*((i + 1) * bit for i, bit in enumerate(_S4))))},
                ),
                Mutant(
                    name="a kernel with a heavier coordinate",
                    why_false="Its eigenvalues depend on whether that coordinate is in the set.",
                    change={"lhs": _kernel_sum(sp.Add(*_T4) + (_T4[0] - _T4[1]) / 2)},
                ),
            ),
        ),
    ),
    expected=Verdict.CERTIFIED,
    note="There are so at most $d + 1$ different eigenvalues. For every dimension this follows from "
    "im-id-parity-eigen: each coordinate in $S$ gives the factor $1 - z$, each other one $1 + z$.",
)

CLAIMS = (IM_PARITY, IM_CARDINALITY)
