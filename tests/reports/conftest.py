"""The example results, for every test of the reports."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import example

from verify.result import Results


@pytest.fixture(scope="session")
def results() -> Results:
    """A run with every verdict in it."""
    return example.results()


@pytest.fixture(scope="session")
def green() -> Results:
    """A run in which everything is as expected."""
    return example.green()
