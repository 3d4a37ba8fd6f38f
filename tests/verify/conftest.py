"""An example ledger of four tiny claims, so that the engine is tested without waiting for the mathematics."""

import itertools
import os
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
_NUMBERS = itertools.count()

collect_ignore_glob = ["example_ledger/*", "batch_ledger/*"]


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch) -> str:
    """The example ledger as the ledger of this process and of those it starts; returns the package's name."""
    return _use("example_ledger", monkeypatch)


@pytest.fixture
def batched(monkeypatch: pytest.MonkeyPatch) -> str:
    """The ledger whose claims draw in batches as the ledger of this process and of those it starts."""
    return _use("batch_ledger", monkeypatch)


def _use(ledger: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.syspath_prepend(str(HERE))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(HERE), *filter(None, [os.environ.get("PYTHONPATH")])]))
    monkeypatch.setenv("NTK_VERIFY_LEDGER", ledger)
    return ledger


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """Write a ledger package of one file, and return its name."""
    monkeypatch.syspath_prepend(str(tmp_path))
    written: list[str] = []

    def write(text: str, file: str = "family") -> str:
        name = f"ledger_{next(_NUMBERS)}"
        folder = tmp_path / name
        folder.mkdir()
        (folder / "__init__.py").write_text("")
        (folder / f"{file}.py").write_text(text)
        written.append(name)
        return name

    yield write
    for name in [module for module in sys.modules if module.startswith(tuple(written) or ("\0",))]:
        del sys.modules[name]
