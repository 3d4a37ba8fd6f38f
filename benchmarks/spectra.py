"""All eigenvalues on the Boolean cube: certified, in positive double precision, by differences, and by brute force.

The differences are those of NNspectra (Yang and Salman 2019), written afresh: from the values Φ(1 - 2r/d) in double
precision μ_k is what k differences (v_r - v_{r+1})/2 and d - k means (v_r + v_{r+1})/2 leave. Brute force
diagonalises the matrix of all 2^d inputs. The remark has the correct digits at some degrees, and the fewest of all.
"""

import math
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np
from flint import fmpq

from benchmarks.race import OURS
from benchmarks.tables import Row
from numerics.spectra import cube, positive
from numerics.spectra.duals import DUALS
from numerics.spectra.kernels import Kernel, Kind

FAST, DIFFERENCES, BRUTE = "ntk-verify, float64", "differences", "eigh"
_LARGEST_MATRIX = 12
_MOST = 15.95
"""The digits of a number in double precision."""
_ROUNDS = 5

ACCURACY = [(activation, kind, 128, depth) for activation in DUALS for kind in ("ck", "ntk") for depth in (1, 3, 32)]
SCALING = [("relu", "ntk", d, 3) for d in (8, 12, 32, 64, 128, 256, 512, 1000)]
DEPTHS = [("relu", "ntk", 128, depth) for depth in (1, 4, 16, 64, 128)]
Work = Callable[[], Sequence[float] | np.ndarray]
Setting = tuple[str, str, int, int]


def accuracy(_: Mapping[str, str], say: Callable[[str], object]) -> list[Row]:
    """Digits and seconds at d = 128."""
    return rows(ACCURACY, say)


def dimensions(_: Mapping[str, str], say: Callable[[str], object]) -> list[Row]:
    """Seconds against the dimension, at three hidden layers."""
    return rows(SCALING, say)


def depths(_: Mapping[str, str], say: Callable[[str], object]) -> list[Row]:
    """Seconds against the depth, at d = 128."""
    return rows(DEPTHS, say)


def rows(settings: Sequence[Setting], say: Callable[[str], object], rounds: int = _ROUNDS) -> list[Row]:
    """Time every contender that can do a setting, in turns."""
    found = []
    for activation, kind, d, depth in settings:
        say(f"{activation} {kind}, d = {d}, depth {depth}")
        kernel = Kernel(
            dual=DUALS[activation],
            depth=depth,
            weight_variance=fmpq(2),
            bias_variance=fmpq(1, 10),
            kind=Kind(kind),
        )
        exact = certified(kernel, d)
        contenders: dict[str, Work] = {
            OURS: partial(certified, kernel, d),
            FAST: partial(positive.cube_eigenvalues, kernel, d),
            DIFFERENCES: partial(_from_values, differences, kernel, d),
        }
        if d <= _LARGEST_MATRIX:
            contenders[BRUTE] = partial(_from_values, brute_force, kernel, d)
        times: dict[str, list[float]] = {name: [] for name in contenders}
        remarks: dict[str, str] = {}
        failed = set()
        for _ in range(rounds + 1):
            for name, work in contenders.items():
                start = time.perf_counter()
                try:
                    mu = work()
                except ArithmeticError as error:
                    remarks[name] = str(error)
                    failed.add(name)
                    continue
                times[name].append(time.perf_counter() - start)
                remarks[name] = told(mu, exact)
        setting: dict[str, str | int] = {"activation": activation, "kernel": kind, "d": d, "depth": depth}
        for name, remark in remarks.items():
            found.append(
                Row(
                    contender=name,
                    setting=setting,
                    seconds=None if name in failed else statistics.median(times[name][1:]),
                    peak_bytes=None,
                    remark=remark,
                )
            )
    return found


def certified(kernel: Kernel, d: int) -> list[float]:
    """The certified eigenvalues, rounded."""
    return [float(mu) for mu in cube.eigenvalues(kernel, d, digits=20)]


def _from_values(scheme: Callable[[np.ndarray], np.ndarray], kernel: Kernel, d: int) -> np.ndarray:
    return scheme(values(kernel, d))


def values(kernel: Kernel, d: int) -> np.ndarray:
    """Φ(1 - 2r/d) in double precision, by the formulas as they stand in a textbook."""
    weights, biases = float(kernel.weight_variance), float(kernel.bias_variance)
    s = tangent = weights * (1 - 2 * np.arange(d + 1) / d) + biases
    for _ in range(kernel.depth):
        q = s[0]
        if kernel.dual.name == "relu":
            angle = np.arccos(np.clip(s / q, -1, 1))
            slope = (np.pi - angle) / (2 * np.pi)
            value = q * (np.sin(angle) + (np.pi - angle) * np.cos(angle)) / (2 * np.pi)
        else:
            value = 2 / np.pi * np.arcsin(2 * s / (1 + 2 * q))
            slope = 4 / (np.pi * np.sqrt((1 + 2 * q) ** 2 - 4 * s**2))
        s = weights * value + biases
        tangent = s + weights * tangent * slope
    return s if kernel.kind is Kind.CK else tangent


def differences(phi: np.ndarray) -> np.ndarray:
    """μ_0, …, μ_d from the values at 1 - 2r/d."""
    d = len(phi) - 1
    found = np.empty(d + 1)
    differenced = phi.astype(float)
    for k in range(d + 1):
        mean = differenced
        for _ in range(d - k):
            mean = (mean[:-1] + mean[1:]) / 2
        found[k] = mean[0]
        differenced = (differenced[:-1] - differenced[1:]) / 2
    return found


def brute_force(phi: np.ndarray) -> np.ndarray:
    """μ_0, …, μ_d from the matrix of all inputs: the quotients χ'Kχ/χ'χ name the degrees of its eigenvalues."""
    d = len(phi) - 1
    inputs = 1 - 2 * ((np.arange(2**d)[:, None] >> np.arange(d)) & 1)
    matrix = phi[(d - inputs @ inputs.T) // 2] / 2**d
    spectrum = np.linalg.eigvalsh(matrix)
    quotients = [parity @ matrix @ parity / 2**d for parity in (inputs[:, :k].prod(axis=1) for k in range(d + 1))]
    return np.array([spectrum[np.argmin(np.abs(spectrum - quotient))] for quotient in quotients])


def digits(found: Sequence[float] | np.ndarray, exact: Sequence[float]) -> dict[int, float]:
    """The correct digits by degree, from 0 to those of double precision, where an eigenvalue is not 0 in it."""
    errors = {k: abs(mu / true - 1) for k, (mu, true) in enumerate(zip(found, exact, strict=True)) if true}
    return {k: min(max(-math.log10(error), 0.0), _MOST) if error else _MOST for k, error in errors.items()}


def told(found: Sequence[float] | np.ndarray, exact: Sequence[float]) -> str:
    """The correct digits at degrees 1, 16, d/2 and d as far as there are such, and the fewest."""
    correct, d = digits(found, exact), len(exact) - 1
    some = ", ".join(f"{k}: {correct[k]:.0f}" for k in sorted({1, 16, d // 2, d}) if k in correct)
    return f"digits at {some}; fewest {min(correct.values()):.0f}"
