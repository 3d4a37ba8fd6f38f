"""Gradients of the two-layer network in both layers, and the network less its initial output."""

import sympy as sp

from derivations.activations import sigma, sigma_prime
from verify.claim import Claim, Document, Form, Mutant, Role, Source
from verify.ledger._two_layer_networks import (
    CENTRED,
    DATA,
    ENTRY,
    EVERYWHERE,
    EXAMPLE,
    FROM_START,
    HAT,
    NETWORK,
    NETWORKS,
    OUT,
    PLACES,
    SIZES,
    SLOPE_A,
    SLOPE_W,
    START,
    W0,
    W,
    a,
    a0,
    f,
    f_hat,
    i,
    j,
    k,
    m,
    over_readout,
    over_weight,
    preactivation,
    routes,
    x,
)
from verify.statement import Identity
from verify.verdict import Verdict

BE_DEF_FHAT = Claim(
    id="be-def-fhat",
    title="Subtracting the initial output moves no gradient and starts the predictions at zero",
    source=Source(
        document=Document.BE,
        where="section 2, second display, and after the definition of $bold(u)(t)$",
        printed="$hat(f)(bold(x) | bold(a), bold(W)) := f(bold(x) | bold(a), bold(W)) - f(bold(x) | "
        'bold(a)_"initial", bold(W)_"initial")$ […] Note that $bold(u)(0) = bold(0)$ because of how we simplified '
        "things.",
    ),
    hypotheses=(*NETWORKS, FROM_START),
    forms=(
        Form(
            role=Role.PRINTED,
            remark="The predictions at the start.",
            statement=Identity(
                lhs=f_hat(i, a0, W0),
                rhs=sp.S.Zero,
                where=(CENTRED, NETWORK),
                domain=(EXAMPLE, *SIZES, *START, *DATA[:1]),
            ),
            routes=routes(PLACES),
            mutants=(
                Mutant(
                    name="without the subtraction",
                    why_false="The initial network does not vanish at these inputs.",
                    change={"where": ((CENTRED[0], OUT), NETWORK)},
                ),
                Mutant(
                    name="with half the initial output subtracted",
                    why_false="The other half is left.",
                    change={"where": ((CENTRED[0], OUT - f(i, a0, W0) / 2), NETWORK)},
                ),
            ),
        ),
        *(
            Form(
                role=Role.PRINTED,
                remark=f"The gradient in the {name}.",
                statement=Identity(
                    lhs=slope(HAT), rhs=slope(OUT), where=(CENTRED, NETWORK), domain=(*EVERYWHERE, *START, *extra)
                ),
                routes=routes(PLACES),
                mutants=(
                    Mutant(
                        name="with the output subtracted at the weights themselves",
                        why_false="Then $hat(f)$ is zero, and so is its gradient.",
                        change={"where": ((CENTRED[0], OUT - f(i, a, W)), NETWORK)},
                    ),
                    Mutant(
                        name="with twice the output",
                        why_false="The gradient doubles, and it is not zero here.",
                        change={"where": ((CENTRED[0], 2 * OUT - f(i, a0, W0)), NETWORK)},
                    ),
                ),
            )
            for name, slope, extra in (
                ("read-out weights", over_readout, ()),
                ("weights of the first layer", over_weight, (ENTRY,)),
            )
        ),
    ),
    expected=Verdict.PROVED,
)

BE_ID_GRAD_A = Claim(
    id="be-id-grad-a",
    title="The derivative of the network with respect to a read-out weight",
    source=Source(
        document=Document.BE,
        where="section 2, display 'the gradient of our prediction', first line",
        printed="$partial/(partial a_r) f(bold(x) | bold(a), bold(W)) = 1/sqrt(m) sigma(bold(w)_r^top bold(x))$",
    ),
    hypotheses=NETWORKS,
    forms=(
        Form(
            role=Role.PRINTED,
            statement=Identity(lhs=over_readout(OUT), rhs=SLOPE_A, where=(NETWORK,), domain=EVERYWHERE),
            routes=routes(PLACES),
            mutants=(
                Mutant(
                    name="times an entry of the input",
                    why_false="The read-out does not multiply the input itself, and these entries are not 1.",
                    change={"rhs": SLOPE_A * x[i, 1]},
                ),
                Mutant(
                    name="with the derivative of the activation",
                    why_false="The read-out is outside the activation.",
                    change={"rhs": sigma_prime(preactivation(j, i)) / sp.sqrt(m)},
                ),
                Mutant(
                    name="with twice the scale",
                    why_false="The activation does not vanish at these inputs.",
                    change={"rhs": 2 * SLOPE_A},
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
)

BE_ID_GRAD_W = Claim(
    id="be-id-grad-w",
    title="The gradient of the network with respect to the weights of a neuron",
    source=Source(
        document=Document.BE,
        where="section 2, display 'the gradient of our prediction', second line",
        printed="$nabla_(bold(w)_r) f(bold(x) | bold(a), bold(W)) = 1/sqrt(m) a_r sigma'(bold(w)_r^top bold(x)) "
        "bold(x)$",
    ),
    hypotheses=NETWORKS,
    forms=(
        Form(
            role=Role.PRINTED,
            remark="Entry by entry.",
            statement=Identity(lhs=over_weight(OUT), rhs=SLOPE_W, where=(NETWORK,), domain=(*EVERYWHERE, ENTRY)),
            routes=routes(PLACES),
            mutants=(
                Mutant(
                    name="without the read-out weight",
                    why_false="The read-out weight of the neuron multiplies it, and is not 1 here.",
                    change={"rhs": sigma_prime(preactivation(j, i)) * x[i, k] / sp.sqrt(m)},
                ),
                Mutant(
                    name="with the activation in place of its derivative",
                    why_false="These activations are not their own derivatives.",
                    change={"rhs": a[j] * sigma(preactivation(j, i)) * x[i, k] / sp.sqrt(m)},
                ),
                Mutant(
                    name="without the input",
                    why_false="The weights of the neuron multiply the input, whose entry is not 1 here.",
                    change={"rhs": a[j] * sigma_prime(preactivation(j, i)) / sp.sqrt(m)},
                    routes=("derivatives of finite sums", "balls at small networks"),
                ),
            ),
        ),
    ),
    expected=Verdict.PROVED,
)

CLAIMS = (BE_DEF_FHAT, BE_ID_GRAD_A, BE_ID_GRAD_W)
