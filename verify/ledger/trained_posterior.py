"""A trained ensemble against Bayesian inference: the posteriors of the two kernels, and when it samples from one."""

import sympy as sp

from derivations.matrices import by_algebra
from verify.claim import Certificate, Claim, Derivation, Document, Form, Mutant, Point, Role, Source
from verify.ledger._features import SIZES, D, N, column, real, rows
from verify.ledger._linearised_ensemble import (
    GAUSSIAN,
    INDEPENDENT,
    ONE_EXAMPLE,
    L,
    Psi,
    Sigma,
    Theta_x,
    c,
    g,
    psi,
    s_other,
    variance_is,
)
from verify.ledger._trained_ensembles import PLANE, POSTERIOR, in_law, not_in_law
from verify.quantities import notation
from verify.statement import Identity
from verify.verdict import Verdict

w, v = (
    sp.MatrixSymbol(notation(name, typst=symbol, latex=symbol, text=symbol), 1, N)
    for name, symbol in (("weights_any", "w"), ("weights_best", "w_*"))
)
_BEST = (v, c * sp.Inverse(Sigma))
_POSTERIOR = s_other - c * sp.Inverse(Sigma) * c.T
_OF_START = ((Sigma, Psi * Psi.T), (c, psi.T * Psi.T), (s_other, psi.T * psi))
_WEIGHTS: tuple[Point, ...] = (
    {
        N: 2,
        D: 3,
        Psi: rows(["1", "2", "0"], ["0", "1", "-1"]),
        psi: column("1", "-1/2", "2"),
        w: rows(["1", "-1/3"]),
        g: rows(["1/2", "1"]),
    },
    {N: 1, D: 2, Psi: rows(["1", "-1"]), psi: column("1/2", "1"), w: rows(["3/2"]), g: rows(["1"])},
)
_BY_ALGEBRA = (
    Derivation(name="the algebra of matrices", derive=by_algebra(), spots=_WEIGHTS),
    Certificate(name="exact matrices in ball arithmetic", points=_WEIGHTS),
)

KW_CLAIM_BAYES = Claim(
    id="kw-claim-bayes",
    title="A trained ensemble is not the Bayesian posterior of the process with the NTK",
    source=Source(
        document=Document.KW,
        where="slide 12, 'The light that is shed by the NTK'",
        printed="With the equivalence of the NTK and the Gaussian Process, Bayesian Inference can be applied to "
        "explain the generalization of the neural network.",
    ),
    hypotheses=(
        *GAUSSIAN,
        *PLANE,
        ONE_EXAMPLE,
        "The sentence is put to the test as the equivalence that it builds on: Bayesian inference with the Gaussian "
        "process of the NTK gives the posterior of mean $k Theta^(-1) y$ and covariance $Theta(x, x) - k Theta^(-1) "
        "k^top$, and it would explain trained networks if they were distributed so.",
    ),
    forms=(
        variance_is(Role.TESTED, "The variance of the posterior.", L + 1 - Theta_x**2 / (L + 1)),
        not_in_law(Role.TESTED, "The same on trained networks.", POSTERIOR, 0.13),
        in_law(Role.CORRECTED, "Trained networks have the posterior's mean, and a variance of their own."),
        Form(
            role=Role.CORRECTED,
            remark="The variance of $f_0 (x) + w (y - f_0 (X))$ for any weights $w$, those of the tangent kernel among "
            "them: that of the posterior for the covariance $Sigma$ of $f_0$, $w_* = c Sigma^(-1)$, and more.",
            statement=Identity(
                lhs=s_other - w * c.T - c * w.T + w * Sigma * w.T,
                rhs=_POSTERIOR + (w - v) * Sigma * sp.Transpose(w - v),
                where=(_BEST, *_OF_START),
                domain=(*SIZES, INDEPENDENT, *real(Psi, psi, w)),
            ),
            routes=_BY_ALGEBRA,
            mutants=(
                Mutant(
                    name="the posterior, whatever the weights",
                    why_false="Only the weights $w_*$ have no more than its variance.",
                    change={"rhs": _POSTERIOR},
                ),
                Mutant(
                    name="less than the posterior",
                    why_false="$w_*$ are the weights of the least variance.",
                    change={"rhs": _POSTERIOR - (w - v) * Sigma * sp.Transpose(w - v)},
                ),
            ),
        ),
        Form(
            role=Role.CORRECTED,
            remark="Where training does sample from a posterior: if the last layer alone is trained, $Theta = Sigma$ "
            "and $g = c Sigma^(-1)$.",
            statement=Identity(
                lhs=s_other - g * c.T - c * g.T + g * Sigma * g.T,
                rhs=_POSTERIOR,
                where=((g, c * sp.Inverse(Sigma)), *_OF_START),
                domain=(*SIZES, INDEPENDENT, *real(Psi, psi)),
            ),
            routes=_BY_ALGEBRA,
            mutants=(
                Mutant(
                    name="for any tangent kernel",
                    why_false="$g$ is $c Sigma^(-1)$ only if the two kernels agree.",
                    change={"where": _OF_START, "domain": (*SIZES, INDEPENDENT, *real(Psi, psi, g))},
                ),
                Mutant(
                    name="the prior",
                    why_false="$c Sigma^(-1) c^top$ is the variance that the examples take away.",
                    change={"rhs": s_other},
                ),
            ),
        ),
    ),
    expected=Verdict.REFUTED,
    note="Only the mean of the trained ensemble is that of a posterior, and only with the NTK; its variance is a third "
    "of that posterior's here. With the last layer alone trained the ensemble is a sample of the posterior for the "
    "covariance at the start. Whether Bayesian inference explains generalisation is no statement that can be tested.",
)

CLAIMS = (KW_CLAIM_BAYES,)
