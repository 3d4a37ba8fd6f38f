"""Waivers: claims that may fail for a while, each with a reason and an expiry, all in one file.

[[waiver]]
claim = "im-id-ntk-diag"
reason = "The derivation is being rewritten."
expires = 2026-12-31
"""

import datetime
import tomllib
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from verify.errors import InputError
from verify.result import ClaimResult
from verify.wellformed import nearest

DEFAULT = Path(__file__).with_name("waivers.toml")


class _Waiver(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    claim: str
    reason: Annotated[str, StringConstraints(min_length=10)]
    expires: datetime.date


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    waiver: tuple[_Waiver, ...] = ()


def read(path: Path, known: Collection[str], today: datetime.date) -> dict[str, str]:
    """Return the reasons of the waivers by claim id.

    Raises `InputError` for an unreadable or malformed file, an expired waiver, or one for a claim not in `known`.
    """
    try:
        found = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))).waiver
    except OSError as error:
        raise InputError(f"The waivers {path} cannot be read: {error.strerror}.") from error
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"The waivers {path} are not TOML: {error}.") from error
    except ValidationError as error:
        raise InputError(f"The waivers {path}: {_fault(error)}.") from error
    claims = [waiver.claim for waiver in found]
    for waiver in found:
        if claims.count(waiver.claim) > 1:
            raise InputError(f"{path}: there are two waivers for {waiver.claim}.")
        if waiver.claim not in known:
            hint = nearest(waiver.claim, known)
            raise InputError(f"{path}: the waiver for {waiver.claim!r} matches no claim{hint or '.'}")
        if waiver.expires < today:
            raise InputError(f"{path}: the waiver for {waiver.claim} expired on {waiver.expires}.")
    return {waiver.claim: f"{waiver.reason} (until {waiver.expires})" for waiver in found}


def _fault(error: ValidationError) -> str:
    """What is wrong first with a file of waivers, in our words."""
    first = error.errors()[0]
    where, kind = first["loc"], first["type"]
    if len(where) < 2:
        return f"{where[0]!r} is not known, or no list; a waiver starts with [[waiver]]"
    entry, field = f"waiver {int(where[1]) + 1}", where[-1]
    if kind == "missing":
        return f"{entry} has no {field!r}"
    if kind == "extra_forbidden":
        return f"{entry} has a field {field!r}{nearest(str(field), _Waiver.model_fields) or ', which is not known'}"
    wanted = {"claim": "a claim's id", "reason": "a sentence of ten characters or more", "expires": "a date"}
    return f"the {field!r} of {entry} is not {wanted.get(str(field), 'valid')}"


def check_needed(waivers: Mapping[str, str], claims: Iterable[ClaimResult]) -> None:
    """Raise `InputError` when a waived claim came out as expected: the waiver matches nothing and must go."""
    for claim in claims:
        if claim.ok and claim.id in waivers:
            raise InputError(f"{claim.id} came out as expected, so its waiver matches nothing: remove it.")
