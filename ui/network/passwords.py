"""Passwords as they are kept: their scrypt digest, with the salt and the costs it was made with.

scrypt comes with Python and needs 32 MB for each guess; the costs stand beside each digest, so that they can be raised
without a password becoming unknown.
"""

import hashlib
import hmac
import secrets
import unicodedata
from dataclasses import dataclass

from index.errors import UsageError

SHORTEST, LONGEST = 8, 1_000
_COST, _BLOCK, _ROUNDS = 2**15, 8, 3
"""About 0.2 s on one core; of the settings that OWASP holds to be equal the one that needs 32 MB."""

_SPARE = 2**20


@dataclass(frozen=True)
class Hashed:
    """A password's digest; it says nothing of the password."""

    salt: str
    digest: str
    cost: int = _COST
    block: int = _BLOCK
    rounds: int = _ROUNDS

    @classmethod
    def of(cls, password: str) -> "Hashed":
        """The digest of a password, with a new salt; UsageError for one too short or too long."""
        check_length(password)
        blank = cls(secrets.token_hex(16), "")
        return cls(blank.salt, blank._digest_of(password).hex())

    def matches(self, password: str) -> bool:
        """Whether this is the password's digest; takes the same time for every one of an allowed length."""
        return len(password) <= LONGEST and hmac.compare_digest(self._digest_of(password).hex(), self.digest)

    def _digest_of(self, password: str) -> bytes:
        # The same word typed on another keyboard may come in another of Unicode's forms.
        text = unicodedata.normalize("NFKC", password).encode(errors="replace")
        memory = 128 * self.cost * self.block + 128 * self.block * self.rounds + _SPARE
        return hashlib.scrypt(
            text, salt=bytes.fromhex(self.salt), n=self.cost, r=self.block, p=self.rounds, maxmem=memory
        )


NOBODY = Hashed(secrets.token_hex(16), "")
"""Compared with where there is no such user, so that the time tells nothing."""


def check_length(password: str, whose: str = "the password") -> None:
    """UsageError for a password that is too short to be one, or too long to be typed."""
    bound = f"at least {SHORTEST}" if len(password) < SHORTEST else f"at most {LONGEST:,}"
    if not SHORTEST <= len(password) <= LONGEST:
        raise UsageError(f"{whose} has {len(password):,} characters; give it {bound}")


def digest(secret: str) -> str:
    """What is kept of a secret of our own making, which nobody could guess: a plain digest is enough."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
