"""How it is said that what is shown may not be what should be: a damaged file, or a build that failed."""

import datetime

from dashboard.query.publication import Setback
from geodata.contract.build_failure import BuildFailure
from geodata.language import Words, message


def setback_notices(found: Setback) -> list[Words]:
    """Return what a page says of it; nothing where all is well."""
    told: list[Words] = [
        message(
            "{file} {problem}. What is still shown was read before; {remedy}.",
            file=fault.file,
            problem=fault.problem,
            remedy=fault.expected,
        )
        for fault in found.damage[:1]
    ]
    if found.failure is not None:
        since = failed_words(found.failure)
        told.append(
            message(
                "{since}. What is shown may be older than what was imported; “pilot-wards build” says why "
                "and publishes anew.",
                since=since,
            )
        )
    return told


def failed_words(failure: BuildFailure) -> Words:
    """Return that a build failed, and when, if its sign says so."""
    if not failure.failed_at:
        return message("Data behind: a build failed")
    at = datetime.datetime.fromisoformat(failure.failed_at)
    return message("Data behind: a build failed on {moment}", moment=f"{at:%d/%m/%Y, %H:%M}")
