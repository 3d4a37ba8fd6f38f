"""The error rates of one decision, and the limit on the probability that chance alone turns a run red."""

ALPHA = 1e-9
"""Per stochastic route: the probability that chance refutes a true statement."""

BETA = 1e-10
"""Per decision: the probability that chance leaves a true statement undecided, or lets a mutant survive."""

RUN_LIMIT = 1e-6
"""Sum of all of them over a run: every route's alpha and beta and every mutant's beta."""
