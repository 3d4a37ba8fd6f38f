"""Gradient flow on the square loss: the residual decays, and with it the speed of every weight.

The residual r = y - u satisfies r' = -K(t) r, r(0) = y. That the eigenvalues of K(t) are at least λ means that K(t) is
λ I + F(t) F(t)ᵀ, which is how a statement says so; the dimension and the path K(t) are arbitrary.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Self

import sympy as sp

from derivations import check
from derivations.chain import Chain, Step
from derivations.domain import Equation, unfounded
from derivations.flows import LinearFlow
from derivations.normal_form import normal_form
from derivations.sums import flatten, multiple_of

_i, _j = sp.symbols("i j", integer=True)
_FLOWS_EXIST = "existence of linear flows"


class NotAFlowError(ValueError):
    """A statement is not about a flow of the form that a derivation knows."""


def speed(statement: Equation) -> Chain:
    """Derive ½ d/dt ‖r‖² = -rᵀ K(t) r from the differential equation of the residual."""
    return chain(statement, lambda: (_by_equation(statement),))


def speed_bound(statement: Equation) -> Chain:
    """Derive ½ d/dt ‖r‖² <= -λ ‖r‖² where K(t) = λ I + F(t) F(t)ᵀ."""

    def steps() -> Iterable[Step]:
        residual = Residual.read(statement.expand(statement.lhs))
        level, squares = residual.split()
        factor = multiple_of(statement.expand(statement.rhs), residual.squared)
        yield from (*spectrum(statement), residual.rate(), residual.splitting())
        signs = (
            check.nonnegative("squares", "A sum of squares.", squares),
            check.nonnegative("length", "Another one.", residual.squared),
            check.nonnegative(
                "constant",
                "The constant is no more than the smallest eigenvalue.",
                (level + factor) * residual.squared,
                uses=("length",),
                given=(residual.squared,),
            ),
        )
        yield from signs
        yield check.inequality(
            "gap",
            "The right side minus the left side is the sum of these.",
            statement.lhs,
            statement.rhs,
            ((1, signs[0]), (1, signs[2])),
            definitions=statement.where,
        )

    return chain(statement, steps)


def decay(statement: Equation) -> Chain:
    """Derive ‖r(t)‖² <= ‖y‖² exp(-2λt) where K(t) = λ I + F(t) F(t)ᵀ, by Grönwall's argument."""

    def steps() -> Iterable[Step]:
        lhs, rhs = statement.expand(statement.lhs), statement.expand(statement.rhs)
        residual = Residual.read(lhs)
        if flatten(lhs - residual.squared) != 0:
            raise NotAFlowError("the left side is not the squared norm of the residual")
        time = residual.flow.time
        rate = normal_form(-sp.diff(rhs, time) / rhs)
        decaying = residual.decaying(rate)
        yield from (*spectrum(statement), *decaying)
        yield check.finite_sums(
            "start", "At the start both sides agree: $r(0) = y$.", residual.start, rhs.subs(time, 0)
        )
        yield check.identity(
            "bound",
            "The right side is its value at the start times the factor found.",
            rhs,
            rhs.subs(time, 0) * sp.exp(-rate * time),
        )
        yield check.inequality(
            "statement",
            "So the left side stays below.",
            statement.lhs,
            statement.rhs,
            ((sp.exp(-rate * time), decaying[-1]),),
            definitions=statement.where,
        )

    return chain(statement, steps)


@dataclass(frozen=True)
class Residual:
    """The flow r' = -K(t) r of a statement; `flow` is one of its components, as it stands there."""

    flow: LinearFlow

    @classmethod
    def read(cls, expr: sp.Expr) -> Self:
        """Read the flow off an expression. Raises NotAFlowError unless there is exactly one, up to its components."""
        flows = sorted(expr.atoms(LinearFlow), key=sp.default_sort_key)
        if len({flow.args[1:6] for flow in flows}) != 1:
            raise NotAFlowError("the statement is not about one flow")
        return cls(flows[0].of_order(0))

    def __call__(self, component: sp.Expr) -> LinearFlow:
        """r_component(t)."""
        return self.flow.func(component, *self.flow.args[1:])

    @property
    def squared(self) -> sp.Expr:
        """‖r‖²."""
        return sp.Sum(self(_i) ** 2, (_i, 1, self.flow.size))

    @property
    def start(self) -> sp.Expr:
        """‖r(0)‖²."""
        return sp.Sum(self(_i).at(sp.S.Zero) ** 2, (_i, 1, self.flow.size))

    def entry(self, i: sp.Expr, j: sp.Expr) -> sp.Expr:
        """K_ij(t)."""
        row, column, clock = self.flow.bound
        return self.flow.entry.subs({row: i, column: j, clock: self.flow.time}, simultaneous=True)

    @property
    def quadratic(self) -> sp.Expr:
        """rᵀ K(t) r."""
        summand = self(_i) * self.entry(_i, _j) * self(_j)
        return sp.Sum(summand, (_i, 1, self.flow.size), (_j, 1, self.flow.size))

    def split(self) -> tuple[sp.Expr, sp.Expr]:
        """λ and Σ_l (Σ_i F_il r_i)², where K_ij = λ δ_ij + Σ_l F_il F_jl.

        Raises NotAFlowError where K is not of this form.
        """
        entry = sp.expand(self.entry(_i, _j))
        level = entry.coeff(sp.KroneckerDelta(_i, _j))
        gram = sp.expand(entry - level * sp.KroneckerDelta(_i, _j))
        if isinstance(gram, sp.Sum) and len(gram.limits) == 1 and not level.has(_i, _j):
            features = sp.Mul(*(factor for factor in sp.Mul.make_args(gram.function) if factor.has(_i)))
            if sp.expand(gram.function - features * features.subs(_i, _j)) == 0:
                inner = sp.Sum(features * self(_i), (_i, 1, self.flow.size))
                return level, sp.Sum(inner**2, *gram.limits)
        raise NotAFlowError("the matrix of the flow is not a multiple of the identity plus a Gram matrix")

    def rate(self) -> Step:
        """½ d/dt ‖r‖² = -rᵀ K(t) r."""
        return check.finite_sums(
            "rate",
            "The squared residual along the flow $r' = -K(t) r$.",
            sp.Derivative(self.squared / 2, self.flow.time, evaluate=False),
            -self.quadratic,
            lemma=_FLOWS_EXIST,
        )

    def splitting(self) -> Step:
        """rᵀ K(t) r = λ ‖r‖² + Σ_l (Σ_i F_il r_i)²."""
        level, squares = self.split()
        return check.finite_sums(
            "split",
            "The quadratic form of $K(t) = lambda I + F(t) F(t)^top$.",
            self.quadratic,
            level * self.squared + squares,
        )

    def decaying(self, rate: sp.Expr) -> tuple[Step, ...]:
        """exp(rate · t) ‖r‖² is no more than at the start; closed where rate <= 2λ."""
        level, squares = self.split()
        growth = sp.exp(rate * self.flow.time)
        loss = growth * ((2 * level - rate) * self.squared + 2 * squares)
        weighted = check.finite_sums(
            "weighted",
            "The squared residual times a growing factor.",
            sp.Derivative(growth * self.squared, self.flow.time, evaluate=False),
            -loss,
            uses=("rate", "split"),
        )
        loses = check.nonnegative("loss", "Minus this derivative is not negative.", loss, uses=("weighted",))
        decay = check.monotone(
            "decay",
            "So the product does not increase.",
            growth * self.squared,
            self.flow.time,
            sp.S.Zero,
            slope=weighted,
            sign=loses,
        )
        return (self.rate(), self.splitting(), weighted, loses, decay)


def spectrum(statement: Equation) -> tuple[Step, ...]:
    """The definition of K as λ I + F Fᵀ, which says that its eigenvalues are at least λ."""
    text = "A symmetric matrix whose eigenvalues are at least $lambda$ is $lambda I + F F^top$ with a real matrix $F$."
    definitions = [(name, meaning) for name, meaning in statement.where if meaning.has(sp.KroneckerDelta)]
    return tuple(check.by_lemma("spectrum", text, *definition, "spectral theorem") for definition in definitions)


def _by_equation(statement: Equation) -> Step:
    Residual.read(statement.expand(statement.lhs))
    return check.finite_sums(
        "rate",
        "The derivative along the flow, by the chain rule and the differential equation of the residual.",
        statement.lhs,
        statement.rhs,
        definitions=statement.where,
        lemma=_FLOWS_EXIST,
    )


def chain(statement: Equation, steps: Callable[[], Iterable[Step]]) -> Chain:
    """The chain of the steps, or the obstacle that the statement puts in their way."""
    if obstacle := unfounded(statement):
        return Chain(steps=(), obstacle=obstacle)
    try:
        return Chain(steps=tuple(_named(step, statement) for step in steps()))
    except NotAFlowError as error:
        return Chain(steps=(), obstacle=str(error))


def _named(step: Step, statement: Equation) -> Step:
    """The step with every flow called by the name the statement defines it under, for the reader."""
    for name, meaning in statement.where:
        if isinstance(meaning, LinearFlow):
            own = statement.expand(meaning)

            def call(flow: LinearFlow, name: sp.Expr = name, own: LinearFlow = own) -> sp.Expr:
                called = name.subs({own.component: flow.component, own.time: flow.time}, simultaneous=True)
                for _ in range(flow.order - own.order):
                    called = sp.Derivative(called, flow.time, evaluate=False)
                return called if flow.args[1:5] == own.args[1:5] and flow.order >= own.order else flow

            lhs, rhs = (
                side.replace(LinearFlow, lambda *args: call(LinearFlow(*args))) for side in (step.lhs, step.rhs)
            )
            if (lhs, rhs) != (step.lhs, step.rhs):
                step = replace(step, lhs=lhs, rhs=rhs, data={**step.data, "definitions": statement.where})
    return step
