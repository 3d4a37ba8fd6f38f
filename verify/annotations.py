"""Values against the annotations of the dataclasses they are fields of, which Python itself does not check."""

import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints


def misfits(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield the path of every field of a dataclass, and of the dataclasses within it, whose value is of another type.

    With each comes what was expected and what was found. Raises TypeError for an annotation that claims do not use.

    >>> from verify.decide.design import Distance
    >>> list(misfits(Distance(at_least="far"), "design"))
    [('design.at_least', "expected float, found the str 'far'")]
    """
    for name, hint in _hints(type(value)).items():
        field, found = f"{path}.{name}".lstrip("."), getattr(value, name)
        if not _fits(found, hint):
            yield field, f"expected {_spell(hint)}, found {_show(found)}"
            continue
        for index, inner in _dataclasses_in(found):
            yield from misfits(inner, field + index)


def _hints(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}


def _dataclasses_in(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, tuple):
        for number, item in enumerate(value):
            if is_dataclass(item):
                yield f"[{number}]", item
    elif is_dataclass(value) and not isinstance(value, type):
        yield "", value


def _fits(value: Any, hint: Any) -> bool:
    """Whether a value is of an annotated type, for the annotations that claims use."""
    args = get_args(hint)
    match get_origin(hint):
        case None:
            fits = isinstance(value, {Any: object, float: float | int, None: types.NoneType}.get(hint, hint))
        case origin if origin in (Union, types.UnionType):
            fits = any(_fits(value, arg) for arg in args)
        case origin if origin is Literal:
            fits = value in args
        case origin if origin is tuple:
            inner = args[:1] * len(value) if isinstance(value, tuple) and args[-1] is Ellipsis else args
            fits = isinstance(value, tuple) and len(value) == len(inner) and all(map(_fits, value, inner))
        case origin if origin is Callable:
            fits = callable(value)
        case origin if issubclass(origin, Mapping):
            items = value.items() if isinstance(value, Mapping) else [(None, None)]
            fits = isinstance(value, Mapping) and all(_fits(k, args[0]) and _fits(v, args[1]) for k, v in items)
        case other:
            raise TypeError(f"no check for fields of type {other}")
    return fits


def _spell(hint: Any) -> str:
    if get_origin(hint) is tuple:
        inner = get_args(hint)
        if inner[-1] is Ellipsis:
            return f"a tuple of {_spell(inner[0])}"
    return str(getattr(hint, "__name__", hint)).removeprefix("typing.")


def _show(value: Any) -> str:
    text = repr(value)
    return f"the {type(value).__name__} {text if len(text) <= 60 else text[:57] + '…'}"
