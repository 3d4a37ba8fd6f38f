"""Functions compiled with those of other files: the cache is used, and not when any of the files has changed."""

import os
import subprocess
import sys
from pathlib import Path

CALLED = """
import numba


@numba.njit(forceinline=True)
def shift():
    return {shift}
"""

CALLING = """
from called import shift
from numerics.compiled import linked


@linked
def shifted(x):
    return x + shift()


print(shifted(1), sum(shifted.stats.cache_hits.values()))
"""


def result(folder: Path) -> list[int]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), *sys.path])}
    environment.pop("NUMBA_CACHE_DIR", None)
    command = [sys.executable, str(folder / "calling.py")]
    printed = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return [int(word) for word in printed.stdout.split()]


def test_a_linked_function_is_compiled_again_only_when_a_file_beside_it_has_changed(tmp_path: Path) -> None:
    (tmp_path / "calling.py").write_text(CALLING)
    (tmp_path / "called.py").write_text(CALLED.format(shift=1))
    assert result(tmp_path) == [2, 0]
    assert result(tmp_path) == [2, 1]
    (tmp_path / "called.py").write_text(CALLED.format(shift=10))
    assert result(tmp_path) == [11, 0]
