"""Passwords: kept as hashes that name how they were made, and never as they are."""

import hashlib
import hmac
import os

from deardiary.core.errors import Invalid
from deardiary.core.shapes import NOTE, check_text, same_text

LOG_COST, BLOCK, LANES = 14, 8, 5
"""How dear a hash is: 16 MiB and some 100 ms."""


def hashed(password: str) -> str:
    """Return the hash of a password, with a salt of its own."""
    if not isinstance(password, str):
        raise Invalid(f"a password is {type(password).__name__}, not a text")
    check_text(password, "a password", most=NOTE)
    salt = os.urandom(16)
    digest = _scrypt(password, salt, LOG_COST, BLOCK, LANES)
    return f"scrypt${LOG_COST}${BLOCK}${LANES}${salt.hex()}${digest.hex()}"


def matches(password: str, kept: str) -> bool:
    """Return whether a password is the one that a hash was made of; an empty one, or none that is kept, never is."""
    parts = kept.split("$")
    if not password or len(parts) != 6 or parts[0] != "scrypt":
        return False
    log_cost, block, lanes = (int(part) for part in parts[1:4])
    digest = _scrypt(password, bytes.fromhex(parts[4]), log_cost, block, lanes)
    return hmac.compare_digest(digest, bytes.fromhex(parts[5]))


def _scrypt(password: str, salt: bytes, log_cost: int, block: int, lanes: int) -> bytes:
    cost = 2**log_cost
    room = 256 * block * (cost + lanes)
    said = same_text(password).encode(errors="surrogatepass")  # keyboards differ in how they write one letter
    return hashlib.scrypt(said, salt=salt, n=cost, r=block, p=lanes, maxmem=room, dklen=32)
