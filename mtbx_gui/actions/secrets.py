"""API keys: kept in the system's keyring, else taken from environment variables, else for this start only.

Never written to a file, a study, a run directory or a log; the name of the place is shown, never the key.
"""

import os
import re
from dataclasses import dataclass

from mtbx_gui.rundir.errors import MtbxError

SERVICE = "mtbx-gui"

_this_start: dict[str, str] = {}


class SecretError(MtbxError):
    """The keyring of this system can't be used."""


@dataclass(frozen=True)
class Secret:
    """A key by name in the keyring, and the environment variables that may hold it instead."""

    name: str
    variables: tuple[str, ...]


@dataclass(frozen=True, repr=False)
class Found:
    """A key and where it was: "keyring", "this start", or the environment variable's name."""

    value: str
    place: str

    def __repr__(self) -> str:
        return f"Found(place={self.place!r})"


DEEPL = Secret("deepl", ("DEEPL_API_KEY", "DEEPL_AUTH_KEY"))


def judge(profile_id: str) -> Secret:
    """The key of a judge profile: `MTBX_JUDGE_KEY_<ID>`, else `OPENAI_API_KEY`, in the environment."""
    shouted = re.sub(r"\W+", "_", profile_id).upper()
    return Secret(f"judge:{profile_id}", (f"MTBX_JUDGE_KEY_{shouted}", "OPENAI_API_KEY"))


def find(secret: Secret) -> Found | None:
    """The key, or None when the person must be asked. A keyring that fails counts as an empty one."""
    if secret.name in _this_start:
        return Found(_this_start[secret.name], "this start")
    try:
        kept = _from_keyring(secret)
    except SecretError:
        kept = None
    if kept:
        return Found(kept, "keyring")
    for variable in secret.variables:
        if value := os.environ.get(variable, "").strip():
            return Found(value, variable)
    return None


def store(secret: Secret, value: str) -> None:
    """Keep a key in the keyring. Raises SecretError with the way out; then it serves for this start only."""
    import keyring

    _this_start[secret.name] = value
    try:
        keyring.set_password(SERVICE, secret.name, value)
    except Exception as error:
        raise _no_keyring(secret, error) from error
    del _this_start[secret.name]


def forget(secret: Secret) -> None:
    """Take a key out of the keyring and out of this start. Raises SecretError when the keyring fails."""
    import keyring
    from keyring.errors import PasswordDeleteError

    _this_start.pop(secret.name, None)
    try:
        keyring.delete_password(SERVICE, secret.name)
    except PasswordDeleteError:
        return
    except Exception as error:
        raise _no_keyring(secret, error) from error


def _from_keyring(secret: Secret) -> str | None:
    import keyring

    try:
        value = keyring.get_password(SERVICE, secret.name)
    except Exception as error:
        raise _no_keyring(secret, error) from error
    return str(value) if value else None


def _no_keyring(secret: Secret, error: Exception) -> SecretError:
    why = str(error).splitlines()[0] if str(error) else type(error).__name__
    return SecretError(
        f"The keyring of this system can't be used ({why.rstrip('.')}); the key is kept for this start only.",
        f"Set up a keyring, or put the key into the environment variable {secret.variables[0]}.",
    )
