"""The spectrum of the kernels of one network under one law of the inputs, as plain data: see `verify.spectrum`."""

from typing import Literal

from verify.evidence import Ball, Model


class Eigenvalue(Model):
    """An eigenvalue of a kernel, with its eigenspace."""

    degree: int
    radial: int
    """Which of the degree, the largest at 0; always 0 but for Gaussian inputs."""
    multiplicity: int
    place: int
    """Its place in decreasing order, from 0; eigenvalues that are not told from one another share one."""
    eigenvalue: Ball | None
    """Certified; None where it is in floating point only."""
    approximate: float
    fraction: Ball | None
    """The part of the variance of a random network that lies in the eigenspace, of all degrees."""
    approximate_fraction: float
    limit: str | None
    """The fraction in infinite depth, an exact rational; None where it is not known."""


class KernelSpectrum(Model):
    """The eigenvalues of one kernel."""

    kernel: Literal["ck", "ntk"]
    trace: Ball
    """The mean of the kernel at (x, x), which all eigenvalues add up to."""
    missing: float
    """The part of the trace that is not in the eigenvalues listed."""
    eigenvalues: tuple[Eigenvalue, ...]


class SpectrumResult(Model):
    """What `ntk-verify spectrum` prints and writes."""

    format: Literal["ntk-verify spectrum"] = "ntk-verify spectrum"
    version: Literal[1] = 1
    activation: str
    """As it was given."""
    canonical: str
    depth: int
    """Hidden layers."""
    distribution: Literal["cube", "sphere", "gaussian"]
    dimension: int
    weight_variance: str
    """An exact rational."""
    bias_variance: str
    digits: int
    certified: bool
    spectra: tuple[KernelSpectrum, ...]
    seconds: float
