"""Wide networks at initialisation, sampled exactly in law without their weights."""

from numerics.wide.sampler import Draws, sample

__all__ = ["Draws", "sample"]
