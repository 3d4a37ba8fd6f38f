"""Sizes: how many parameters a network has, what shape its weights are, and which spaces its layers map between."""

import sympy as sp

from derivations import counting, sum_identities
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger._points import entries, family
from verify.quantities import notation
from verify.statement import Identity
from verify.verdict import Verdict

L = sp.Symbol("L", integer=True, positive=True)
i, j, k, p, q = sp.symbols("i j k p q", integer=True)
h = sp.Symbol("ell", integer=True)
l = sp.Symbol("l", integer=True, positive=True)  # noqa: E741 - the slides' letter for a layer
N = sp.IndexedBase("N", integer=True, positive=True)
n_in = sp.Symbol(notation("N_below", typst="N^((l-1))", latex="N^{(l-1)}", text="N⁽ˡ⁻¹⁾"), integer=True, positive=True)
n_out = sp.Symbol(notation("N_layer", typst="N^((l))", latex="N^{(l)}", text="N⁽ˡ⁾"), integer=True, positive=True)
W, b, f = (sp.IndexedBase(name, real=True) for name in ("W", "b", "f"))
f_tilde = sp.Function("f_tilde", real=True)

_LAYER = (
    "One layer: $tilde(f)_k = sum_p W_(p k) f_p + b_k$ are the components of $W^((l) top) f_theta^((l-1)) + b^((l))$, "
    "with $W^((l)) in bb(R)^(N^((l-1)) times N^((l)))$."
)
_PARAMETERS = (
    "$P$: the total number of parameters, which is $sum_(l=1)^L N^((l-1)) N^((l))$. The parameters between each layer "
    "are denoted as $W^((l)) in bb(R)^(N^((l-1)) times N^((l)))$ and $b^((l)) in bb(R)^(N^((l)))$"
)


def _over_layers(term: sp.Expr) -> sp.Sum:
    return sp.Sum(term, (h, 1, L))


_WEIGHTS, _BIASES = sp.Sum(1, (i, 1, N[h - 1]), (j, 1, N[h])), sp.Sum(1, (j, 1, N[h]))
_COUNT = _over_layers(_WEIGHTS + _BIASES)
_WIDTHS: tuple[Point, ...] = tuple(
    {L: len(widths) - 1, N: dict(enumerate(widths))} for widths in ((3, 5, 2), (1, 1), (2, 3, 1, 4, 2))
)
_COUNT_ROUTES = (
    Derivation(name="layer by layer", derive=counting.by_layers, spots=_WIDTHS[:2]),
    Certificate(name="counts of given networks", points=_WIDTHS),
)
_COUNT_DOMAIN = ((L, sp.S.Naturals), (N[h], sp.S.Naturals))

KW_PARAMETERS = Claim(
    id="kw-def-P",
    title="The number of parameters of a network with biases",
    source=Source(document=Document.KW, where="slide 'Notations: Parameters Space'", printed=_PARAMETERS),
    hypotheses=(
        "The parameters are the entries of all $W^((l))$ and all $b^((l))$, $l = 1, ..., L$; the left side counts "
        "them one by one.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="As printed: the weights alone.",
            statement=Identity(lhs=_COUNT, rhs=_over_layers(N[h - 1] * N[h]), domain=_COUNT_DOMAIN),
            routes=_COUNT_ROUTES,
        ),
        Form(
            role=Role.CORRECTED,
            remark="With the biases.",
            statement=Identity(lhs=_COUNT, rhs=_over_layers((N[h - 1] + 1) * N[h]), domain=_COUNT_DOMAIN),
            routes=_COUNT_ROUTES,
            mutants=(
                Mutant(
                    name="one bias for each neuron below",
                    why_false="There is one for each neuron of the layer: $N^((l))$, not $N^((l-1))$, of them.",
                    change={"rhs": _over_layers(N[h - 1] * (N[h] + 1))},
                ),
                Mutant(
                    name="one bias for each layer",
                    why_false="There are $N^((l))$ of them, which is more than 1 in some layer of these networks.",
                    change={"rhs": _over_layers(N[h - 1] * N[h] + 1)},
                ),
                Mutant(
                    name="without the last layer",
                    why_false="Its weights and biases are parameters too.",
                    change={"rhs": sp.Sum((N[h - 1] + 1) * N[h], (h, 1, L - 1))},
                ),
            ),
        ),
    ),
    expected=Verdict.REFUTED,
    note="The printed sum leaves out the $sum_l N^((l))$ biases that the next line of the slide introduces: 11 of the "
    "36 parameters of a network of widths 3, 5, 2, for which the printed count is 25.",
)


def _pre_activation(neuron: sp.Expr) -> sp.Expr:
    return sp.Sum(W[p, neuron] * f[p], (p, 1, n_in)) + b[neuron]


def _layer(weights: list[list[str]], below: list[str], biases: list[str], **indices: int) -> Point:
    """A layer, a row of weights for each neuron below it; then the numbers asked about."""
    return {
        n_in: len(weights),
        n_out: len(weights[0]),
        W: entries(weights),
        f: family(*below),
        b: family(*biases),
        **{{"i": i, "j": j, "k": k, "l": l}[name]: value for name, value in indices.items()},
    }


_SIZES = ((n_in, sp.S.Naturals), (n_out, sp.S.Naturals))
_ENTRIES = ((W[p, q], sp.S.Reals), (f[p], sp.S.Reals), (b[p], sp.S.Reals))
_SHAPE = (*_SIZES, (i, sp.Range(1, n_in + 1)), (j, sp.Range(1, n_out + 1)), *_ENTRIES)
_SQUARE = tuple((n_out, sp.FiniteSet(n_in)) if key is n_out else (key, values) for key, values in _SHAPE)
_WIDE = [["1", "-2", "1/3"], ["5", "0", "7"]]
_SHAPES: tuple[Point, ...] = (
    _layer(_WIDE, ["2", "-1"], ["1", "0", "1/2"], i=2, j=3),
    _layer([["1", "-2"], ["5", "3"]], ["2", "-1/2"], ["1", "4"], i=1, j=2),
    _layer([["1/3"], ["2"], ["-4"]], ["1", "1", "2"], ["-3"], i=3, j=1),
)

KW_SHAPE = Claim(
    id="kw-def-W-shape",
    title="The shape of the weights fits the transpose in the forward pass",
    source=Source(
        document=Document.KW,
        where="slides 'Notations: Parameters Space' and 'Notations: Function Space'",
        printed="$W^((l)) in bb(R)^(N^((l-1)) times N^((l)))$, $tilde(f)_theta^((l)) (bold(x)) = W^((l) top) "
        "f_theta^((l-1)) (bold(x)) + b^((l))$",
    ),
    hypotheses=(
        _LAYER,
        "The derivative of the $j$-th component by the $i$-th input is defined, and is $W_(i j)$, for all $i <= "
        "N^((l-1))$ and $j <= N^((l))$: the first index of the weights belongs to the layer below.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            statement=Identity(
                lhs=sp.Derivative(f_tilde(j), f[i]),
                rhs=W[i, j],
                where=((f_tilde(k), _pre_activation(k)),),
                domain=_SHAPE,
            ),
            routes=(
                Derivation(name="the derivative of the layer", derive=sum_identities.by_rules, spots=_SHAPES),
                Certificate(name="small layers", points=_SHAPES),
            ),
            mutants=(
                Mutant(
                    name="W f, without the transpose",
                    why_false="It cannot be written unless $N^((l-1)) = N^((l))$, and gives $W_(j i)$ then.",
                    change={
                        "where": ((f_tilde(k), sp.Sum(W[k, p] * f[p], (p, 1, n_in)) + b[k]),),
                        "domain": _SQUARE,
                    },
                ),
                Mutant(
                    name="weights of the transposed shape",
                    why_false="The entry $W_(j i)$ exists for all $i$ and $j$ only if $N^((l-1)) = N^((l))$, and is "
                    "another one then.",
                    change={"rhs": W[j, i], "domain": _SQUARE},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
    note="The shape and the transpose fit each other: no misprint.",
)

_OUTPUTS = sp.Sum(sp.Derivative(f_tilde(k), b[k]), (k, 1, n_out))
_INPUTS = sp.Sum(sp.Derivative(f_tilde(k), W[i, k], f[i]), (i, 1, n_in))
_DEFINED = ((f_tilde(k), _pre_activation(k)),)
_MAPS: tuple[Point, ...] = (
    _layer(_WIDE, ["2", "-1"], ["1", "0", "1/2"], k=3, l=1),
    _layer([["1/3"], ["2"], ["-4"], ["0"]], ["1", "1", "2", "5"], ["-3"], k=1, l=3),
    _layer([["1", "1"], ["2", "3"]], ["1", "1"], ["0", "0"], k=2, l=5),
)


def _map_routes(*points: Point) -> tuple[Derivation, Certificate]:
    return (
        Derivation(name="the derivative of the layer", derive=sum_identities.by_rules, spots=points),
        Certificate(name="small layers", points=points),
    )


_TARGET_DOMAIN = (*_SIZES, (l, sp.S.Naturals), *_ENTRIES)
_SOURCE_DOMAIN = (*_TARGET_DOMAIN, (k, sp.Range(1, n_out + 1)))

KW_MAPS = Claim(
    id="kw-def-maps",
    title="The spaces between which a layer maps",
    source=Source(
        document=Document.KW,
        where="slide 'Notations: Function Space'",
        printed="$tilde(f)_theta^((l)) (x) : bb(R)^((l-1)) -> bb(R)^((l))$: the pre-activations; "
        "$f_theta^((l)) (x) : bb(R)^((l)) -> bb(R)^((l))$: the post-activations",
    ),
    hypotheses=(
        _LAYER,
        "The dimension of the space a layer maps to is the trace of $partial tilde(f) \\/ partial b$, and the "
        "dimension of the space it maps from is $sum_i partial^2 tilde(f)_k \\/ (partial W_(i k) partial f_i)$: both "
        "are counts of components.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="As printed: the pre-activations of layer $l$ have $l$ components.",
            statement=Identity(lhs=_OUTPUTS, rhs=l, where=_DEFINED, domain=_TARGET_DOMAIN),
            routes=_map_routes(*_MAPS),
        ),
        Form(
            role=Role.PRINTED,
            remark="As printed: they are functions of $l - 1$ components.",
            statement=Identity(lhs=_INPUTS, rhs=l - 1, where=_DEFINED, domain=_SOURCE_DOMAIN),
            routes=_map_routes(*_MAPS),
        ),
        Form(
            role=Role.CORRECTED,
            remark="The pre-activations of layer $l$ have $N^((l))$ components.",
            statement=Identity(lhs=_OUTPUTS, rhs=n_out, where=_DEFINED, domain=_TARGET_DOMAIN),
            routes=_map_routes(*_MAPS),
            mutants=(
                Mutant(
                    name="the width below",
                    why_false="There is a component for every column of $W^((l))$, not for every row.",
                    change={"rhs": n_in},
                ),
                Mutant(
                    name="the number of parameters of the layer",
                    why_false="It is $N^((l-1)) + 1$ times as large.",
                    change={"rhs": (n_in + 1) * n_out},
                ),
            ),
        ),
        Form(
            role=Role.CORRECTED,
            remark="They are functions of the $N^((l-1))$ components of the layer below.",
            statement=Identity(lhs=_INPUTS, rhs=n_in, where=_DEFINED, domain=_SOURCE_DOMAIN),
            routes=_map_routes(*_MAPS),
            mutants=(
                Mutant(
                    name="the width of the layer itself",
                    why_false="There is an input for every row of $W^((l))$, not for every column.",
                    change={"rhs": n_out},
                ),
            ),
        ),
    ),
    expected=Verdict.REFUTED,
    note="Meant are $bb(R)^(N^((l-1))) -> bb(R)^(N^((l)))$ and, for the activation, $bb(R)^(N^((l))) -> "
    "bb(R)^(N^((l)))$. The next display uses both as functions of $bold(x) in bb(R)^(N^((0)))$; read so, "
    "$bb(R)^(N^((0)))$ stands on the left.",
)

_n = sp.Symbol("n", integer=True, positive=True)
_N_last = sp.Symbol(notation("N_L", typst="N_L", latex="N_L", text="N_L"), integer=True, positive=True)
_ROWS_PRINTED = sp.Sum(sp.Derivative(f_tilde(k), b[k]), (k, 1, _n))
_ROWS = sp.Sum(sp.Derivative(f_tilde(k), b[k]), (k, 1, _N_last))
_WIDENED = ((f_tilde(k), sp.Sum(W[p, k] * f[p], (p, 1, _n)) + b[k]),)
_GROWING = ((_n, sp.S.Naturals), (_N_last, sp.S.Naturals), *_ENTRIES)


def _last_layer(rows: int, columns: int, *, outputs: int, width: int) -> Point:
    return {
        W: entries([[r - c for c in range(columns)] for r in range(rows)]),
        f: family(*range(1, rows + 1)),
        b: family(*range(columns)),
        _n: width,
        _N_last: outputs,
    }


_SQUARE_LAYERS = tuple(_last_layer(width, width, outputs=2, width=width) for width in (1, 2, 4, 6))
_WIDE_LAYERS = tuple(_last_layer(width, 2, outputs=2, width=width) for width in (1, 2, 4, 6))

KW_LIMIT = Claim(
    id="kw-mis-nL",
    title="The width of the output stays as it is while the hidden widths grow",
    source=Source(
        document=Document.KW,
        where="slide 10, Theorem",
        printed="in the limit as the layers width $n_1, n_2, ..., n_L -> infinity$, the NTK $Theta^((L))$ converges in "
        "probability to a deterministic limiting kernel: $Theta^((L)) -> Theta_infinity^((L)) times.o I_(N_L)$",
    ),
    hypotheses=(
        "$Theta^((L)) (bold(x), bold(x)')$ has a row for every output of the network: their number is the trace of "
        "$partial tilde(f) \\/ partial b^((L))$. $Theta_infinity^((L)) (bold(x), bold(x)') I_(N_L)$ has $N_L$ rows.",
        "A sequence of matrices converges to a matrix only if it has as many rows, from some place on.",
        "$n$ is the width that grows.",
    ),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="As printed, the width $n_L = N_L$ of the output grows with the others: $n$ outputs.",
            statement=Identity(lhs=_ROWS_PRINTED, rhs=_N_last, where=_WIDENED, domain=_GROWING),
            routes=_map_routes(*_SQUARE_LAYERS),
        ),
        Form(
            role=Role.CORRECTED,
            remark="$n_1, ..., n_(L-1) -> infinity$: the last hidden layer has $n$ neurons, the output $N_L$.",
            statement=Identity(lhs=_ROWS, rhs=_N_last, where=_WIDENED, domain=_GROWING),
            routes=_map_routes(*_WIDE_LAYERS),
            mutants=(
                Mutant(
                    name="as many rows as hidden neurons",
                    why_false="The number of rows is $N_L$ whatever $n$ is.",
                    change={"rhs": _n},
                ),
                Mutant(
                    name="as many rows as entries",
                    why_false="The kernel of two inputs has $N_L^2$ entries, in $N_L$ rows; $N_L = 2$ here.",
                    change={"rhs": _N_last**2},
                ),
            ),
        ),
    ),
    expected=Verdict.REFUTED,
    note="The theorem the slide quotes has $n_1, ..., n_(L-1) -> infinity$ and a fixed $n_L$. The slide also writes "
    "$n$ for what it called $N$ before.",
)

CLAIMS = (KW_PARAMETERS, KW_SHAPE, KW_MAPS, KW_LIMIT)
