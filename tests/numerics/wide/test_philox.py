"""Philox4x32-10: the published known answers, and exact integer arithmetic."""

from collections.abc import Sequence

import numpy as np
import pytest

from numerics.wide.philox import philox


def numbers_of(words: Sequence[int]) -> tuple[np.uint64, ...]:
    return tuple(np.uint64(word) for word in words)


def words(*numbers: int) -> tuple[int, ...]:
    return tuple(int(word) for word in philox(numbers_of(numbers[:4]), numbers_of(numbers[4:])))


@pytest.mark.parametrize(
    ("counter", "key", "answer"),
    [
        ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            (0xA4093822, 0x299F31D0),
            (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
        ),
    ],
)
def test_known_answers_of_the_authors(counter: tuple[int, ...], key: tuple[int, ...], answer: tuple[int, ...]) -> None:
    assert words(*counter, *key) == answer


def test_is_what_integers_of_any_size_give() -> None:
    def reference(counter: list[int], key: list[int]) -> tuple[int, ...]:
        for _ in range(10):
            high0, low0 = divmod(0xD2511F53 * counter[0], 2**32)
            high1, low1 = divmod(0xCD9E8D57 * counter[2], 2**32)
            counter = [high1 ^ counter[1] ^ key[0], low1, high0 ^ counter[3] ^ key[1], low0]
            key = [(key[0] + 0x9E3779B9) % 2**32, (key[1] + 0xBB67AE85) % 2**32]
        return tuple(counter)

    for numbers in np.random.default_rng(3).integers(0, 2**32, (50, 6)).tolist():
        assert words(*numbers) == reference(numbers[:4], numbers[4:])
