"""Hashing passwords with argon2id; the work is the same whether there is anything to compare with or not."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app

from chain.account.rules import LONGEST, normal


def hashed(password: str) -> str:
    return _hasher().hash(normal(password))


def matches(kept: str | None, password: str) -> bool:
    """Whether it is the password. Without a hash to compare with, a made-up one is tried: no answer comes sooner."""
    try:
        right = _hasher().verify(kept or _nobodys(_hasher()), normal(password[: LONGEST + 1]))
    except (VerificationError, InvalidHashError):
        return False
    return right and kept is not None


def is_old(kept: str) -> bool:
    """Whether it was made with weaker settings than today's."""
    return _hasher().check_needs_rehash(kept)


def _hasher() -> PasswordHasher:
    chosen = current_app.config["ARGON2"]
    return _made(chosen["time_cost"], chosen["memory_cost"], chosen["parallelism"])


@cache
def _made(time_cost: int, memory_cost: int, parallelism: int) -> PasswordHasher:
    return PasswordHasher(time_cost=time_cost, memory_cost=memory_cost, parallelism=parallelism)


@cache
def _nobodys(hasher: PasswordHasher) -> str:
    return hasher.hash("nobody's")
