"""What a password must be, and how it is kept: rules of level 3, hashed by Argon2id."""

import secrets
import string

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from geodata.contract.errors import Fault, SourceError
from geodata.language import message

SHORTEST, SHORTEST_WITH_SECOND_FACTOR, LONGEST = 14, 8, 200
"""Characters of a password; with a second factor it may be shorter and of one kind."""

REMEMBERED = 10
"""So many passwords, the present one among them, may not be chosen again."""

hasher = PasswordHasher()
NOBODYS = hasher.hash("nobody's")
"""Is checked where there is no account, so that it takes as long."""


_READABLE = "abcdefghjkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789"
"""Characters that nobody takes for others, by their kinds."""


def made() -> str:
    """Return a password that is made by chance, to be read out and typed once."""
    groups = ["".join(secrets.choice(secrets.choice(_READABLE)) for _ in range(4)) for _ in range(3)]
    return "-".join(["".join(map(secrets.choice, _READABLE)), *groups])


def hashed(password: str) -> str:
    """Return the Argon2id hash of a password."""
    return hasher.hash(password)


def is_right(password: str, password_hash: str) -> bool:
    """Return whether a password is the one of a hash."""
    try:
        return len(password) <= LONGEST and hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def check_password(name: str, password: str, *, has_second_factor: bool) -> None:
    """Check that a password may be chosen.

    Raises
    ------
    SourceError
        With all that is wrong with it; the password is not in the fault.
    """
    faults = []
    shortest = SHORTEST_WITH_SECOND_FACTOR if has_second_factor else SHORTEST
    if len(password) < shortest:
        faults.append((message("is too short"), message("at least {count} characters", count=shortest)))
    if len(password) > LONGEST:
        faults.append((message("is too long"), message("at most {count} characters", count=LONGEST)))
    if not has_second_factor and not _has_four_kinds(password):
        expected = message("small and capital letters, digits and other characters")
        faults.append((message("has too few kinds of characters"), expected))
    if name.casefold() in password.casefold():
        faults.append((message("holds the name of the account"), message("a password without it")))
    if faults:
        raise SourceError([Fault(name, "", problem, expected) for problem, expected in faults])


def _has_four_kinds(password: str) -> bool:
    kinds = {
        "lower" if c.islower() else "upper" if c.isupper() else "digit" if c in string.digits else "other"
        for c in password
    }
    return len(kinds) == 4
