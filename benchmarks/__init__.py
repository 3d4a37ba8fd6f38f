"""Benchmarks: ratios of times and of peak memory against peers, taken in one run."""
