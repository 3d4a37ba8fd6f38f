"""The shared experiments: what is measured, at which widths and with how many draws, and the columns they yield.

Widths of one experiment are a factor of four apart or more, so that the O(1/m) bias can be eliminated between the
two largest; the numbers of draws are what the declared power needs (`verify.decide.beta`), no more.
"""

from collections.abc import Iterable, Mapping

from verify.experiment import Parameters


def cells(common: dict[str, float | int | str], widths: Iterable[int]) -> tuple[Parameters, ...]:
    """The same parameters at every width `m`."""
    return tuple({**common, "m": m} for m in widths)


def planned(
    common: dict[str, float | int | str], depths: Iterable[int], draws: Mapping[int, int]
) -> tuple[Parameters, ...]:
    """The same parameters for every number `L` of hidden layers at every width `m`, with the draws of that width."""
    return tuple({**common, "L": depth, "m": m, "draws": number} for depth in depths for m, number in draws.items())
