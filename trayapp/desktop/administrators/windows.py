"""Reads the owner and the access list of a file or folder on Windows (advapi32, by ctypes)."""

from __future__ import annotations

import sys

if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    from trayapp.desktop.system32 import load_library

    _FILE_OBJECT = 1
    _OWNER_AND_ACCESS_LIST = 0x1 | 0x4
    _SDDL_REVISION_1 = 1

    _advapi = load_library("advapi32")
    _kernel = load_library("kernel32")
    # Without these ctypes would pass pointers as 32 bits.
    _advapi.GetNamedSecurityInfoW.argtypes = (
        wintypes.LPCWSTR, ctypes.c_int, wintypes.DWORD,
        ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p,
    )  # fmt: skip
    _advapi.GetNamedSecurityInfoW.restype = wintypes.DWORD
    _advapi.ConvertSecurityDescriptorToStringSecurityDescriptorW.argtypes = (
        ctypes.c_void_p, wintypes.DWORD, wintypes.DWORD, ctypes.c_void_p, ctypes.c_void_p,
    )  # fmt: skip
    _kernel.LocalFree.argtypes = (ctypes.c_void_p,)

    def read_permissions(path: str) -> str:
        """Read owner and access list as text (SDDL). Raises OSError."""
        descriptor, text = ctypes.c_void_p(), wintypes.LPWSTR()
        error = _advapi.GetNamedSecurityInfoW(
            path, _FILE_OBJECT, _OWNER_AND_ACCESS_LIST, None, None, None, None, ctypes.byref(descriptor)
        )
        if error:
            raise ctypes.WinError(error)
        try:
            if not _advapi.ConvertSecurityDescriptorToStringSecurityDescriptorW(
                descriptor, _SDDL_REVISION_1, _OWNER_AND_ACCESS_LIST, ctypes.byref(text), None
            ):
                raise ctypes.WinError(ctypes.get_last_error())
            try:
                return text.value or ""
            finally:
                _kernel.LocalFree(text)
        finally:
            _kernel.LocalFree(descriptor)
