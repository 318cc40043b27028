"""Stores the key as a generic credential in Windows' Credential Manager, encrypted with the person's login."""

from __future__ import annotations

import ctypes
import logging
from ctypes import wintypes
from functools import cache
from typing import Any

from trayapp import APP_ID
from trayapp.desktop.keys.base import Key, KeyAccessError, KeyProblem, KeyPurpose, KeyStorageKind
from trayapp.desktop.system32 import load_library

_log = logging.getLogger(__name__)

_USER = "API key"
_GENERIC = 1
_PERSIST_LOCALLY = 2
"""Stored for this person on this computer; "enterprise" would copy it to others."""
_NOT_FOUND = 1168
_NO_LOGON_SESSION = 1312
"""The error of a login without credentials, as that of a service."""


class _Credential(ctypes.Structure):
    """CREDENTIALW of wincred.h."""

    _fields_ = (
        ("Flags", wintypes.DWORD),
        ("Type", wintypes.DWORD),
        ("TargetName", wintypes.LPWSTR),
        ("Comment", wintypes.LPWSTR),
        ("LastWritten", wintypes.FILETIME),
        ("CredentialBlobSize", wintypes.DWORD),
        ("CredentialBlob", ctypes.c_void_p),
        ("Persist", wintypes.DWORD),
        ("AttributeCount", wintypes.DWORD),
        ("Attributes", ctypes.c_void_p),
        ("TargetAlias", wintypes.LPWSTR),
        ("UserName", wintypes.LPWSTR),
    )


@cache
def _load_functions() -> Any:
    """Load Windows' functions and declare their arguments: a pointer would else be cut to 32 bits."""
    api = load_library("advapi32")
    api.CredReadW.argtypes = (
        wintypes.LPCWSTR,
        wintypes.DWORD,
        wintypes.DWORD,
        ctypes.POINTER(ctypes.POINTER(_Credential)),
    )
    api.CredWriteW.argtypes = (ctypes.POINTER(_Credential), wintypes.DWORD)
    api.CredDeleteW.argtypes = (wintypes.LPCWSTR, wintypes.DWORD, wintypes.DWORD)
    api.CredFree.argtypes = (ctypes.c_void_p,)
    return api


def target_name(purpose: KeyPurpose) -> str:
    """Return the name under which Windows keeps a key."""
    return f"{APP_ID} {purpose}"


class WindowsCredentials:
    """The person's Credential Manager."""

    kind = KeyStorageKind.WINDOWS

    def __init__(self, purpose: KeyPurpose = KeyPurpose.API) -> None:
        self._target = target_name(purpose)

    @staticmethod
    def is_running() -> bool:
        """Whether it runs: always."""
        return True

    def read(self) -> Key | None:
        """Read the key; None where none is stored."""
        found = ctypes.POINTER(_Credential)()
        if not _load_functions().CredReadW(self._target, _GENERIC, 0, ctypes.byref(found)):
            return self._raise_unless_absent()
        try:
            kept = found.contents
            return Key.from_bytes(ctypes.string_at(kept.CredentialBlob, kept.CredentialBlobSize))
        except KeyAccessError:  # somebody else put another thing there
            raise KeyAccessError(KeyProblem.BAD_ANSWER) from None
        finally:
            _load_functions().CredFree(found)

    def save(self, key: Key) -> None:
        """Save the key in place of an earlier one."""
        secret = key.reveal().encode("ascii")
        blob = ctypes.create_string_buffer(secret, len(secret))
        credential = _Credential(
            Type=_GENERIC,
            TargetName=self._target,
            CredentialBlobSize=len(secret),
            CredentialBlob=ctypes.cast(blob, ctypes.c_void_p),
            Persist=_PERSIST_LOCALLY,
            UserName=_USER,
        )
        if not _load_functions().CredWriteW(ctypes.byref(credential), 0):
            raise _access_error(_last_error())

    def delete(self) -> bool:
        """Delete the key; returns whether there was one."""
        if _load_functions().CredDeleteW(self._target, _GENERIC, 0):
            return True
        self._raise_unless_absent()
        return False

    @staticmethod
    def _raise_unless_absent() -> None:
        code = _last_error()
        if code != _NOT_FOUND:
            raise _access_error(code)


def _last_error() -> int:
    windows: Any = ctypes  # half of it exists on Windows only
    return int(windows.get_last_error())


def _access_error(code: int) -> KeyAccessError:
    _log.debug("the Credential Manager answered with error %d", code)
    return KeyAccessError(KeyProblem.NO_KEYRING if code == _NO_LOGON_SESSION else KeyProblem.BAD_ANSWER)
