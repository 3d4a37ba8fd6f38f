"""The proof files of the ledger, for the tests that tamper with them."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
