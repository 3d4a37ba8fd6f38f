"""Paths of two-layer ReLU networks under gradient flow, followed from one change of the sign pattern to the next."""

from numerics.training import relu_measure
from verify.experiment import Experiment, Profile

RELU_PATHS = Experiment(
    id="relu-gradient-flow",
    title="Gradient flow of two-layer ReLU networks, first layer trained, n = 4 unit inputs",
    yields="paths",
    measure=relu_measure.paths,
    cells={
        Profile.QUICK: tuple({"m": m, "T": 20.0, "replicate": r} for m in (64, 256, 1024) for r in range(4)),
        Profile.FULL: tuple(
            {"m": m, "T": 20.0, "replicate": r} for m in (64, 256, 1024, 4096, 16384) for r in range(8)
        ),
    },
)
"""Columns `t`, `residual_norm`, `label_norm`, `lambda_bar`, `lambda_max` of `verify.experiments.training`, and others.

λ̄ lies below the smallest eigenvalue of K at all times, sliding neurons and all.
"""
