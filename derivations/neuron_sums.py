"""Moments at every width of sums over the neurons of one hidden ReLU layer: a variance and a kurtosis.

The network has m hidden neurons, no biases, all parameters independent N(0, 1), and an input x of norm 1:

    f(x) = √(2/m) Σ_k a_k σ(z_k),  where the z_k = w_k·x are independent N(0, 1).

The law of the weights is invariant under rotations, so x is taken to be the first basis vector: z_k is the first weight
of neuron k, and the gradient by its others is zero. The empirical NTK at x, and the variance of f(x) given the hidden
layer, are both (2/m) Σ_k X_k with independent X_k of one law. So the second moment is
(4/m²)(m E[X²] + m(m - 1) E[X]²), at every m.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import sympy as sp

from derivations.chain import Chain, Step
from derivations.check import by_lemma, consequence, finite_sums, identity
from derivations.densities import expectation_on_line
from derivations.domain import Equation, unfounded
from derivations.expressions import Expect, relu, step

m = sp.Symbol("m", integer=True, positive=True)
u = sp.Symbol("u", real=True)
_k, _j = sp.symbols("k j", integer=True)
_z, _a = (sp.IndexedBase(name, real=True) for name in ("z", "a"))
_f, _V = sp.symbols("f V", real=True)
_RANGES = {_k: (sp.S.One, m), _j: (sp.S.One, m)}
_E = sp.Function("E")
"""The mean over all parameters."""
_OUTPUT = sp.sqrt(2 / m) * sp.Sum(_a[_k] * relu(_z[_k]), (_k, 1, m))
_BY_READ_OUT = sp.sqrt(2 / m) * relu(_z[_k])
_BY_WEIGHT = sp.sqrt(2 / m) * _a[_k] * step(_z[_k])


def moment(f: sp.Expr) -> Expect:
    """E[f(u)] for a standard normal `u`."""
    return Expect(f, (u,), [[1]])


@dataclass(frozen=True)
class _Neurons:
    """(2/m) Σ_k X_k with independent X_k of one law."""

    term: sp.Expr
    """X_k, in the read-out weight a_k and the preactivation z_k."""
    square: sp.Expr
    """X_k² multiplied out."""
    first: sp.Expr
    second: sp.Expr
    """E[X_k] and E[X_k²]."""

    @property
    def mean(self) -> sp.Expr:
        """The mean of the sum."""
        return 2 * self.first

    @property
    def second_moment(self) -> sp.Expr:
        """The mean of the square of the sum."""
        return 4 / m**2 * (m * self.second + m * (m - 1) * self.first**2)

    def moments(self) -> tuple[Step, ...]:
        """The steps that give the mean of the sum and of its square."""
        other = self.term.subs(_k, _j)
        same = sp.KroneckerDelta(_k, _j)
        mean = by_lemma(
            "mean-of-a-term",
            "The preactivation $z_k$ and the read-out weight $a_k$ are independent and standard normal.",
            _E(self.term),
            self.first,
            "independence",
        )
        square = identity("square", "The square of the term of a neuron.", self.term**2, self.square)
        product = by_lemma(
            "mean-of-a-product",
            "The terms of two neurons are independent; for one neuron it is the mean of the square.",
            _E(self.term * other),
            same * self.second + (1 - same) * self.first**2,
            "independence",
            uses=("square",),
        )
        of_sum = finite_sums(
            "mean",
            "The mean of the sum over the neurons.",
            2 / m * sp.Sum(_E(self.term), (_k, 1, m)),
            self.mean,
            of=(mean,),
        )
        of_square = finite_sums(
            "second-moment",
            "The mean of its square, a double sum.",
            4 / m**2 * sp.Sum(_E(self.term * other), (_k, 1, m), (_j, 1, m)),
            self.second_moment,
            ranges=_RANGES,
            of=(product,),
        )
        return mean, square, product, of_sum, of_square


_KERNEL = _Neurons(
    term=relu(_z[_k]) ** 2 + _a[_k] ** 2 * step(_z[_k]) ** 2,
    square=relu(_z[_k]) ** 4
    + 2 * _a[_k] ** 2 * relu(_z[_k]) ** 2 * step(_z[_k]) ** 2
    + _a[_k] ** 4 * step(_z[_k]) ** 4,
    first=moment(relu(u) ** 2) + moment(u**2) * moment(step(u) ** 2),
    second=moment(relu(u) ** 4)
    + 2 * moment(u**2) * moment(relu(u) ** 2 * step(u) ** 2)
    + moment(u**4) * moment(step(u) ** 4),
)
_VARIANCE = _Neurons(
    term=relu(_z[_k]) ** 2, square=relu(_z[_k]) ** 4, first=moment(relu(u) ** 2), second=moment(relu(u) ** 4)
)


def derive_kernel_variance(statement: Equation) -> Chain:
    """Derive an identity whose left side is the variance of ⟨∂f(x)/∂θ, ∂f(x)/∂θ⟩."""
    gradient = [
        finite_sums(
            f"by-{name}",
            "The derivative of the network by a parameter of this kind.",
            sp.Derivative(_OUTPUT, variable),
            partial,
            ranges=_RANGES,
        )
        for name, variable, partial in (("read-out-weight", _a[_k], _BY_READ_OUT), ("weight", _z[_k], _BY_WEIGHT))
    ]
    kernel = finite_sums(
        "kernel",
        "The square of the gradient, all parameters together.",
        sp.Sum(_BY_READ_OUT**2, (_k, 1, m)) + sp.Sum(_BY_WEIGHT**2, (_k, 1, m)),
        2 / m * sp.Sum(_KERNEL.term, (_k, 1, m)),
        uses=[found.id for found in gradient],
    )
    steps = (*gradient, kernel, *_KERNEL.moments())
    return _compared(statement, steps, _KERNEL.second_moment - _KERNEL.mean**2, "the variance of the kernel")


def derive_output_kurtosis(statement: Equation) -> Chain:
    """Derive an identity whose left side is the excess kurtosis E[f(x)⁴]/E[f(x)²]² - 3 of the output."""
    coefficient = finite_sums(
        "coefficient",
        "The coefficient of $a_k$ in the output, which is linear in the read-out weights.",
        sp.Derivative(_OUTPUT, _a[_k]),
        _BY_READ_OUT,
        ranges=_RANGES,
    )
    variance = finite_sums(
        "variance",
        "The variance $V$ of the output given the hidden layer.",
        sp.Sum(_BY_READ_OUT**2, (_k, 1, m)),
        2 / m * sp.Sum(_VARIANCE.term, (_k, 1, m)),
        uses=(coefficient.id,),
    )
    given = [
        by_lemma(
            f"power-{power}",
            "Given the hidden layer the output is $sqrt(V)$ times a standard normal variable.",
            _E(_f**power),
            moment(u**power) * _E(_V ** (power // 2)),
            "linear image of a Gaussian",
            uses=(variance.id,),
        )
        for power in (2, 4)
    ]
    second, fourth = moment(u**2) * _VARIANCE.mean, moment(u**4) * _VARIANCE.second_moment
    steps = (coefficient, variance, *given, *_VARIANCE.moments())
    return _compared(statement, steps, fourth / second**2 - 3, "the excess kurtosis of the output")


def _compared(statement: Equation, steps: Sequence[Step], found: sp.Expr, name: str) -> Chain:
    """The steps, then the left side of the statement against what was found, then its two sides."""
    if obstacle := unfounded(statement):
        return Chain(steps=(), obstacle=obstacle)
    nodes = (found + statement.expand(statement.lhs) + statement.expand(statement.rhs)).atoms(Expect)
    computed, values = [], []
    for number, node in enumerate(sorted(nodes, key=sp.default_sort_key), 1):
        line = expectation_on_line(f"line-{number}", node) if len(node.variables) == 1 else None
        if line is None:
            return Chain(steps=tuple(steps), obstacle=f"{node} is no expectation of a polynomial on half-lines")
        values.append(consequence(f"line-{number}", "The two together.", node, line[1], line[0]))
        computed += [*line[0], values[-1]]
    defined = consequence(
        "definition",
        f"The left side of the statement is {name}.",
        statement.lhs,
        found,
        values,
        definitions=statement.where,
    )
    text = "With all definitions put in, the two sides agree."
    final = consequence("statement", text, statement.lhs, statement.rhs, values, definitions=statement.where)
    return Chain(steps=(*steps, *computed, defined, final))
