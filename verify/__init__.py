"""What is claimed, and what the evidence allows us to say."""

import os

# SymPy reads this when it is first imported. Its caches hold 1000 results by default, and derivations need many more.
os.environ.setdefault("SYMPY_CACHE_SIZE", "20000")
