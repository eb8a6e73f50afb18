"""A file that only who knows the passphrase can read, and of which no part can be changed or left out.

AES-256-GCM over pieces of a megabyte; each has its number and whether it is the last one in its nonce. The
key comes from the passphrase by scrypt.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from geodata.contract.errors import SourceError
from geodata.language import message

MAGIC = b"pilot-wards sealed 1\n"
PIECE = 1 << 20
_SALT, _PREFIX, _TAG = 16, 7, 16


def seal(source: Path, target: Path, passphrase: str) -> None:
    """Write a file so that only who knows the passphrase can read it."""
    salt, prefix = os.urandom(_SALT), os.urandom(_PREFIX)
    cipher = AESGCM(_key(passphrase, salt))
    with source.open("rb") as plain, target.open("xb") as file:
        file.write(MAGIC + salt + prefix)
        for number, (piece, is_last) in enumerate(_pieces(plain, PIECE)):
            file.write(cipher.encrypt(_nonce(prefix, number, is_last=is_last), piece, MAGIC))


def unseal(source: Path, target: Path, passphrase: str) -> None:
    """Write what `seal` was given.

    Raises
    ------
    SourceError
        The passphrase is another one, or the file is not what was written.
    """
    with source.open("rb") as file, target.open("xb") as plain:
        file.read(len(MAGIC))
        salt, prefix = file.read(_SALT), file.read(_PREFIX)
        cipher = AESGCM(_key(passphrase, salt))
        try:
            for number, (piece, is_last) in enumerate(_pieces(file, PIECE + _TAG)):
                plain.write(cipher.decrypt(_nonce(prefix, number, is_last=is_last), piece, MAGIC))
        except (InvalidTag, ValueError) as error:
            problem = message("can't be decrypted")
            expected = message("the passphrase that it was written with, and the file as it was written")
            raise SourceError.of(source.name, "", problem, expected) from error


def is_sealed(file: Path) -> bool:
    """Return whether `seal` wrote a file."""
    with file.open("rb") as opened:
        return opened.read(len(MAGIC)) == MAGIC


def _pieces(file: IO[bytes], size: int) -> Iterator[tuple[bytes, bool]]:
    piece = file.read(size)
    while True:
        following = file.read(size)
        yield piece, not following
        if not following:
            return
        piece = following


def _nonce(prefix: bytes, number: int, *, is_last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes([is_last])


def _key(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=1 << 15, r=8, p=1).derive(passphrase.encode())
