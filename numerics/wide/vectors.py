"""What compiled loops are not turned into by themselves: bits of floats, fused multiply-adds, scattered outer products.

Intrinsics of numba, written in LLVM's language. None leaves the order of floating-point operations open, so results do
not depend on the width of the processor's vectors.
"""

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import extending
from numba.core import types
from numba.core.cgutils import get_or_insert_function
from numba.np.arrayobj import make_array

Generator = Callable[[Any, Any, Any, Any], Any]
Intrinsic = tuple[Any, Generator]
DOUBLE, INTEGER, INDEX = ir.DoubleType(), ir.IntType(64), ir.IntType(32)


def intrinsic(function: Callable[..., Intrinsic]) -> Any:
    """`numba.extending.intrinsic`, as a function of the arguments that compiled functions give it."""
    return extending.intrinsic(function)


@intrinsic
def bits(_typing: Any, _x: Any) -> Intrinsic:
    """The bits of a float64 as an int64."""

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], INTEGER)

    return types.int64(types.float64), generate


@intrinsic
def from_bits(_typing: Any, _x: Any) -> Intrinsic:
    """The float64 of the bits of an int64."""

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], DOUBLE)

    return types.float64(types.int64), generate


@intrinsic
def fma(_typing: Any, _x: Any, _y: Any, _z: Any) -> Intrinsic:
    """The value of xy + z, rounded once."""

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.fma(*arguments)

    return types.float64(types.float64, types.float64, types.float64), generate


@intrinsic
def add_outer_products_4(_typing: Any, sums: Any, places: Any, z: Any, _stride: Any, _start: Any) -> Intrinsic:
    """Add the outer products of 4 vectors of 4 entries to sums at 4 places.

    Vector i has the entries z[k·stride + start + i] and its place is places[start + i]. There the sums are kept by
    cyclic diagonals: sums[place + 4d + k] += z_k z_{(k + d) mod 4} for d = 0, 1, 2, which covers every pair.
    """
    return types.void(sums, places, z, types.int64, types.int64), _outer_products_generator(4)


@intrinsic
def add_outer_products_8(_typing: Any, sums: Any, places: Any, z: Any, _stride: Any, _start: Any) -> Intrinsic:
    """Add the outer products of 8 vectors of 8 entries, as `add_outer_products_4` does with 8 for 4: d = 0, …, 4."""
    return types.void(sums, places, z, types.int64, types.int64), _outer_products_generator(8)


def _outer_products_generator(size: int) -> Generator:
    vector = ir.VectorType(DOUBLE, size)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        arrays = zip(signature.args[:3], arguments[:3], strict=True)
        sums, places, z = (make_array(kind)(context, builder, value).data for kind, value in arrays)
        stride, start = arguments[3:]
        fused = get_or_insert_function(builder.module, ir.FunctionType(vector, [vector] * 3), f"llvm.fma.v{size}f64")

        def at(base: Any, index: Any) -> Any:
            return builder.bitcast(builder.gep(base, [index]), vector.as_pointer())

        where = [builder.load(builder.gep(places, [builder.add(start, INTEGER(i))])) for i in range(size)]
        columns = [
            builder.load(at(z, builder.add(start, builder.mul(stride, INTEGER(k)))), align=8) for k in range(size)
        ]
        for row, place in zip(_transposed(builder, columns), where, strict=True):
            for d in range(size // 2 + 1):
                turned = builder.shuffle_vector(row, row, _order([(k + d) % size for k in range(size)]))
                address = at(sums, builder.add(place, INTEGER(d * size)))
                builder.store(builder.call(fused, [row, turned, builder.load(address, align=8)]), address, align=8)
        return context.get_dummy_value()

    return generate


def _transposed(builder: Any, rows: list[Any]) -> list[Any]:
    """A square matrix of vectors transposed: each bit of the row number is exchanged with that of the entry's."""
    size, rows = len(rows), list(rows)
    for bit in (2**k for k in range(size.bit_length() - 1)):
        for i in range(size):
            if not i & bit:
                upper, lower = rows[i], rows[i | bit]
                rows[i] = builder.shuffle_vector(
                    upper, lower, _order([size + (k ^ bit) if k & bit else k for k in range(size)])
                )
                rows[i | bit] = builder.shuffle_vector(
                    upper, lower, _order([size + k if k & bit else k | bit for k in range(size)])
                )
    return rows


def _order(numbers: list[int]) -> Any:
    return ir.Constant(ir.VectorType(INDEX, len(numbers)), numbers)
