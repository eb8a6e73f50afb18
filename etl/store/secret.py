"""The key of this installation, a file of the home: with it is read what stands encrypted in the store."""

import os
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from geodata.contract.errors import SourceError
from geodata.language import message

KEY_FILE = "secret.key"


def encrypt(home: Path, text: str) -> str:
    """Return a text that only who has the home's key can read."""
    return Fernet(_key(home)).encrypt(text.encode()).decode("ascii")


def decrypt(home: Path, encrypted: str) -> str:
    """Return what `encrypt` was given.

    Raises
    ------
    SourceError
        It was encrypted with another key.
    """
    try:
        return Fernet(_key(home)).decrypt(encrypted.encode()).decode()
    except InvalidToken as error:
        problem, expected = message("is another key"), message("the key that the store was used with")
        raise SourceError.of(KEY_FILE, "", problem, expected) from error


def _key(home: Path) -> bytes:
    path = home / KEY_FILE
    if not path.exists():
        part = home / f".{KEY_FILE}-{os.getpid()}"
        part.write_bytes(Fernet.generate_key())
        part.chmod(0o600)
        # Of two that make one at once the first one's stays.
        try:
            os.link(part, path)
        except FileExistsError:
            pass
        finally:
            part.unlink()
    return path.read_bytes()
