"""Reads a process's user on Windows and makes a pipe's permission for one user alone (advapi32, by ctypes)."""

from __future__ import annotations

import sys

if sys.platform == "win32":
    import _winapi
    import ctypes
    from collections.abc import Iterator
    from contextlib import contextmanager
    from ctypes import wintypes

    from trayapp.desktop.system32 import load_library

    _TOKEN_QUERY = 0x0008
    _TOKEN_USER = 1
    _PROCESS_QUERY_LIMITED_INFORMATION = 0x1000
    _SDDL_REVISION_1 = 1

    _advapi = load_library("advapi32")
    _kernel = load_library("kernel32")
    # Without these ctypes would pass handles and pointers as 32 bits.
    _advapi.OpenProcessToken.argtypes = (wintypes.HANDLE, wintypes.DWORD, ctypes.c_void_p)
    _advapi.GetTokenInformation.argtypes = (
        wintypes.HANDLE, wintypes.DWORD, ctypes.c_void_p, wintypes.DWORD, ctypes.c_void_p,
    )  # fmt: skip
    _advapi.ConvertSidToStringSidW.argtypes = (ctypes.c_void_p, ctypes.c_void_p)
    _advapi.ConvertStringSecurityDescriptorToSecurityDescriptorW.argtypes = (
        wintypes.LPCWSTR, wintypes.DWORD, ctypes.c_void_p, ctypes.c_void_p,
    )  # fmt: skip
    _kernel.LocalFree.argtypes = (ctypes.c_void_p,)

    class _SecurityAttributes(ctypes.Structure):
        _fields_ = (
            ("length", wintypes.DWORD),
            ("descriptor", ctypes.c_void_p),
            ("inherit", wintypes.BOOL),
        )

    def read_process_user(process: int) -> str:
        """Read the security identifier, "S-1-5-21-…", of the user of a process, given by its id.

        Raises OSError, also where this user may not ask, which is so of another user's process.
        """
        handle = _winapi.OpenProcess(_PROCESS_QUERY_LIMITED_INFORMATION, False, process)  # takes no keywords
        try:
            token = wintypes.HANDLE()
            _check_success(_advapi.OpenProcessToken(handle, _TOKEN_QUERY, ctypes.byref(token)))
        finally:
            _winapi.CloseHandle(handle)
        try:
            return _read_token_user(token)
        finally:
            _winapi.CloseHandle(token.value or 0)

    def _read_token_user(token: wintypes.HANDLE) -> str:
        size = wintypes.DWORD()
        _advapi.GetTokenInformation(
            token, _TOKEN_USER, None, 0, ctypes.byref(size)
        )  # fails, and gives the size
        user = ctypes.create_string_buffer(size.value)
        _check_success(_advapi.GetTokenInformation(token, _TOKEN_USER, user, size, ctypes.byref(size)))
        sid = ctypes.c_void_p.from_buffer(user)  # TOKEN_USER begins with the pointer to it
        text = wintypes.LPWSTR()
        _check_success(_advapi.ConvertSidToStringSidW(sid, ctypes.byref(text)))
        try:
            return text.value or ""
        finally:
            _kernel.LocalFree(text)

    @contextmanager
    def single_user_permission(user: str) -> Iterator[int]:
        """Yield the address of SECURITY_ATTRIBUTES that admit one user and nobody else. Raises OSError."""
        descriptor = ctypes.c_void_p()
        _check_success(
            _advapi.ConvertStringSecurityDescriptorToSecurityDescriptorW(
                f"D:P(A;;GA;;;{user})", _SDDL_REVISION_1, ctypes.byref(descriptor), None
            )
        )
        attributes = _SecurityAttributes(ctypes.sizeof(_SecurityAttributes), descriptor, 0)
        try:
            yield ctypes.addressof(attributes)
        finally:
            _kernel.LocalFree(descriptor)

    def _check_success(success: int) -> None:
        if not success:
            raise ctypes.WinError(ctypes.get_last_error())
