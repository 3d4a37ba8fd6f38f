"""Nanoseconds per standard normal of one thread: generators, and the whole sampler, which uses L·m·n of them a draw."""

import statistics
import time
from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from benchmarks.contenders.serve import inputs
from benchmarks.tables import Row
from numerics.wide import sample
from numerics.wide.normals import fill

COUNT, CHUNK = 1 << 22, 1 << 15
ROUNDS = 9


def generators(_pythons: Mapping[str, str], tell: Callable[[str], object]) -> list[Row]:
    """Time every generator in turns on the same count of normals."""
    works: dict[str, tuple[int, Callable[[], object]]] = {}
    for name, bits in (("PCG64", np.random.PCG64), ("SFC64", np.random.SFC64), ("Philox", np.random.Philox)):
        rng = np.random.Generator(bits(0))
        works[f"NumPy {name}"] = COUNT, partial(_by_chunks, partial(rng.standard_normal, out=np.empty(CHUNK)))
    alone = partial(fill, np.uint64(1), np.uint64(0), np.uint64(0), np.uint64(0), np.empty((CHUNK // 2, 2)))
    works["ntk-verify normals alone"] = COUNT, partial(_by_chunks, alone)
    for n in (1, 2, 4, 8):
        works[f"ntk-verify sampler, n = {n}"] = COUNT, partial(_draw, inputs(n, 16), np.random.default_rng(0))
    times: dict[str, list[float]] = {name: [] for name in works}
    for number in range(ROUNDS + 1):
        tell(f"round {number}")
        for name, (count, work) in works.items():
            start = time.perf_counter()
            work()
            if number:
                times[name].append((time.perf_counter() - start) / count)
    setting = {"normals": COUNT}
    return [
        Row(contender=name, setting=setting, seconds=statistics.median(found), peak_bytes=None, remark="")
        for name, found in times.items()
    ]


def _by_chunks(generate: Callable[[], object]) -> None:
    """Generate `COUNT` normals over and over into one array that stays in the processor's cache."""
    for _ in range(COUNT // CHUNK):
        generate()


def _draw(x: np.ndarray, rng: np.random.Generator) -> object:
    """One draw of a network with two hidden layers, for which `COUNT` normals are needed."""
    return sample(x, [COUNT // (2 * len(x))] * 2, 1, rng, method="patterns")
