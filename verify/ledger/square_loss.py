"""The losses of the talk, their gradients, and one step of gradient descent on the square loss."""

import sympy as sp

from derivations import sum_identities
from derivations.models import model, output, output_slope
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger._points import family
from verify.statement import Identity
from verify.verdict import Verdict

N, C = sp.symbols("N C", integer=True, positive=True)
i, k = sp.symbols("i k", integer=True)
c = sp.Symbol("c", integer=True)
w = sp.Symbol("w", real=True)
eta = sp.Symbol("eta", positive=True)
y, q = (sp.IndexedBase(name, real=True) for name in ("y", "q"))
p = sp.IndexedBase("p", positive=True)
target, loss, ell = (sp.Function(name, real=True) for name in ("y", "L", "ell"))

POSITIVE = sp.Interval.open(0, sp.oo)
HALF = sp.Rational(1, 2)


_PROBABILITIES: tuple[Point, ...] = (
    {C: 2, p: family("1/3", "2/3"), c: 1, y: family("1/4", "3/4")},
    {C: 3, p: family("1/100", "1/2", "49/100"), c: 2, y: family("1/5", "1/5", "3/5")},
    {C: 4, p: family("1/10", "1/5", "3/10", "2/5"), c: 4, y: family("1/2", "1/2", "0", "0")},
    {C: 3, p: family("1/3", "1/3", "1/3"), c: 3, y: family("0", "0", "1")},
)
"""Probabilities of the classes, the class of the label, and soft labels (of use only where a mutant has those)."""
_ENTROPY = -sp.Sum(target(k) * sp.log(p[k]), (k, 1, C))
_ONE_HOT = ((target(k), sp.KroneckerDelta(k, c)),)
_CLASSES = (
    (C, sp.S.Naturals),
    (c, sp.Range(1, C + 1)),
    (p[k], sp.Interval.Lopen(0, 1)),
    (sp.Sum(p[k], (k, 1, C)), sp.FiniteSet(1)),
)
_VECTORS: tuple[Point, ...] = (
    {C: 1, c: 1, q: family("2"), y: family("-1/3")},
    {C: 3, c: 2, q: family("1", "5/2", "-1"), y: family("0", "1", "1/7")},
    {C: 2, c: 2, q: family("1/2", "-3"), y: family("4", "1")},
)
_SQUARE = sp.Sum((q[k] - y[k]) ** 2, (k, 1, C))

DS_DEF_LOSSES = Claim(
    id="ds-def-losses",
    title="The losses are the cross-entropy, for one-hot labels, and half the squared distance",
    source=Source(
        document=Document.DS,
        where="'Problem setting'",
        printed="Per-element loss function $ell(hat(bold(y)), bold(y)) = -log(hat(bold(y)) dot bold(y))$, "
        "$ell(hat(bold(y)), bold(y)) = 1/2 norm(hat(bold(y)) - bold(y))^2$, etc",
    ),
    hypotheses=(
        "For the logarithm: $p = hat(bold(y))$ is a vector of probabilities, none of them 0, and $bold(y)$ is the unit "
        "vector of the class $c$, $y_k = delta_(k c)$. Neither is said on the slide; the example shown there is one.",
        "$q = hat(bold(y))$ is any real vector for the square loss.",
    ),
    forms=(
        Form(
            role=Role.TESTED,
            remark="What the definition is for: $-log(hat(bold(y)) dot bold(y))$ is the cross-entropy.",
            statement=Identity(
                lhs=-sp.log(sp.Sum(p[k] * target(k), (k, 1, C))), rhs=_ENTROPY, where=_ONE_HOT, domain=_CLASSES
            ),
            routes=(
                Derivation(name="the sums over the classes", derive=sum_identities.by_rules, spots=_PROBABILITIES[:3]),
                Certificate(name="balls at vectors of probabilities", points=_PROBABILITIES),
            ),
            mutants=(
                Mutant(
                    name="for soft labels",
                    why_false="The logarithm of a mean is greater than the mean of the logarithms.",
                    change={
                        "where": ((target(k), y[k]),),
                        "domain": (
                            *_CLASSES,
                            (y[k], sp.Interval(0, 1)),
                            (sp.Sum(y[k], (k, 1, C)), sp.FiniteSet(1)),
                        ),
                    },
                ),
                Mutant(
                    name="without the minus sign",
                    why_false="It is the negative of the cross-entropy, which is not zero where $p_c < 1$.",
                    change={"lhs": sp.log(sp.Sum(p[k] * target(k), (k, 1, C)))},
                ),
            ),
        ),
        Form(
            role=Role.TESTED,
            remark="What the factor 1/2 is for: the gradient of the square loss is $hat(bold(y)) - bold(y)$.",
            statement=Identity(
                lhs=sp.Derivative(HALF * _SQUARE, q[c], evaluate=False),
                rhs=q[c] - y[c],
                domain=((C, sp.S.Naturals), (c, sp.Range(1, C + 1)), (q[k], sp.S.Reals), (y[k], sp.S.Reals)),
            ),
            routes=(
                Derivation(name="the sum over the outputs", derive=sum_identities.by_rules, spots=_VECTORS[:2]),
                Certificate(name="balls at vectors", points=_VECTORS),
            ),
            mutants=(
                Mutant(
                    name="without the factor 1/2",
                    why_false="The gradient of $norm(hat(bold(y)) - bold(y))^2$ is twice as long.",
                    change={"lhs": sp.Derivative(_SQUARE, q[c], evaluate=False)},
                ),
                Mutant(
                    name="with the opposite sign",
                    why_false="The gradient points away from $bold(y)$.",
                    change={"rhs": y[c] - q[c]},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
    note="For soft labels $-log(hat(bold(y)) dot bold(y))$ is a different loss, smaller than the cross-entropy.",
)

RESIDUAL = output(i, w) - y[i]
SETTING = (
    "$f(x_i; w)$ is any function differentiable in $w$, any one coordinate of the parameters, the others being held "
    "fixed: the identity is one for each coordinate of the gradient, a column.",
)
_STEPS = ((N, sp.S.Naturals), (eta, POSITIVE), (w, sp.S.Reals), (y[i], sp.S.Reals))


def _step(formula: sp.Expr, parameter: str, step: str, *labels: object) -> Point:
    return {
        N: len(labels),
        eta: sp.Rational(step),
        w: sp.Rational(parameter),
        y: family(*labels),
        **model(i, w, formula),
    }


_POINTS: tuple[Point, ...] = (
    _step(i * w**2 - w, "1/3", "1/2", "1", "-2"),
    _step(sp.tanh(i * w), "2/3", "1/10", "0", "1", "-1"),
    _step(sp.exp(-w) + i, "-1/2", "2", "1/2", "1/3", "0", "5"),
    _step(sp.sin(w + i), "1", "1", "1/7", "3"),
)
_SQUARE_LOSS = RESIDUAL**2 / 2
_GRADIENT_SUM = sp.Sum(output_slope(i, w) * RESIDUAL, (i, 1, N))
_STEP_OF_LOSS = -eta * sp.Derivative(loss(w), w, evaluate=False)
_ROUTES = (
    Derivation(name="the chain rule", derive=sum_identities.by_rules, spots=_POINTS[:3]),
    Certificate(name="balls for concrete models", points=_POINTS),
)

DS_ID_STEP = Claim(
    id="ds-id-step",
    title="One step of gradient descent on the square loss",
    source=Source(
        document=Document.DS,
        where="'One step of gradient descent'",
        printed="$L_S (bold(w)) = 1/(2 N) sum_(i=1)^N (f(bold(x)_i, bold(w)) - y_i)^2$: $bold(w)_(t+1) - bold(w)_t = "
        "-eta/N sum_(i=1)^N [nabla_bold(w) f(bold(x)_i, bold(w)_t)|_(bold(w)_t)]^top (f(bold(x)_i, bold(w)_t) - y_i)$",
    ),
    hypotheses=(*SETTING, "Full-batch gradient descent: $w_(t+1) - w_t = -eta L'(w_t)$."),
    forms=(
        Form(
            role=Role.PRINTED,
            statement=Identity(
                lhs=_STEP_OF_LOSS,
                rhs=-eta / N * _GRADIENT_SUM,
                where=((loss(w), sp.Sum(RESIDUAL**2, (i, 1, N)) / (2 * N)),),
                domain=_STEPS,
            ),
            routes=_ROUTES,
            mutants=(
                Mutant(
                    name="without 1/N in the step",
                    why_false="It is $N$ times the step, which is not zero at these parameters; $N >= 2$.",
                    change={"rhs": -eta * _GRADIENT_SUM},
                ),
                Mutant(
                    name="a loss without the factor 1/2",
                    why_false="Its gradient is twice as long.",
                    change={"where": ((loss(w), sp.Sum(RESIDUAL**2, (i, 1, N)) / N),)},
                ),
                Mutant(
                    name="up the gradient",
                    why_false="The step is not zero at these parameters.",
                    change={"rhs": eta / N * _GRADIENT_SUM},
                ),
                Mutant(
                    name="without the gradient of the model",
                    why_false="The chain rule has the factor $nabla f$, which is not 1 at these parameters.",
                    change={"rhs": -eta / N * sp.Sum(RESIDUAL, (i, 1, N))},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
)

_EXAMPLE_STEP = -eta / N * sp.Sum(sp.Derivative(ell(i, w), w, evaluate=False), (i, 1, N))


def _training_loss(role: Role, total: sp.Expr, remark: str, mutants: tuple[Mutant, ...] = ()) -> Form:
    """-η L_S'(w) = -(η/N) Σ_i ∂ℓ_i(w)/∂w, for this definition of L_S."""
    return Form(
        role=role,
        remark=remark,
        statement=Identity(
            lhs=_STEP_OF_LOSS, rhs=_EXAMPLE_STEP, where=((loss(w), total), (ell(i, w), _SQUARE_LOSS)), domain=_STEPS
        ),
        routes=_ROUTES,
        mutants=mutants,
    )


_TOTAL = sp.Sum(ell(i, w), (i, 1, N))

DS_MIS_1OVERN = Claim(
    id="ds-mis-1overN",
    title="The training loss is the mean over the examples, not their sum",
    source=Source(
        document=Document.DS,
        where="'Problem setting', last slide, against the slide before and 'One step of gradient descent'",
        printed="Training loss $L_S (bold(w)) = sum_(i=1)^N ell(f(bold(x)_i; bold(w)), bold(y)_i)$; on the slide "
        "before $L_S (bold(w)) = 1/N sum_(i=1)^N ell(f(bold(x)_i; bold(w)), bold(y)_i)$; two slides on "
        "$bold(w)_(t+1) = bold(w)_t - eta/N sum_(i=1)^N nabla_bold(w) ell(f(bold(x)_i; bold(w)), "
        "y_i)|_(bold(w)_t)^top$",
    ),
    hypotheses=(
        *SETTING,
        "The loss of an example is $ell_i (w) = 1/2 (f(x_i; w) - y_i)^2$, as where the step is printed.",
        "The step printed is the step of gradient descent on $L_S$ with the learning rate $eta$.",
    ),
    forms=(
        _training_loss(Role.PRINTED, _TOTAL, "With the sum, as on the last slide."),
        _training_loss(
            Role.CORRECTED,
            _TOTAL / N,
            "With the mean, as on the slide before.",
            (
                Mutant(
                    name="divided by 2N",
                    why_false="The factor 1/2 is in the loss of the example already.",
                    change={"where": ((loss(w), _TOTAL / (2 * N)), (ell(i, w), _SQUARE_LOSS))},
                ),
                Mutant(
                    name="divided by √N",
                    why_false="The two sides differ by the factor $sqrt(N)$; $N >= 2$ at these points.",
                    change={"where": ((loss(w), _TOTAL / sp.sqrt(N)), (ell(i, w), _SQUARE_LOSS))},
                ),
            ),
        ),
    ),
    expected=Verdict.REFUTED,
    note="Without $1\\/N$ the same step is gradient descent with the learning rate $eta\\/N$: the two slides differ by "
    "a factor $N$ in $eta$, and everything from 'One step of gradient descent' on uses the mean.",
)

CLAIMS = (DS_DEF_LOSSES, DS_ID_STEP, DS_MIS_1OVERN)
