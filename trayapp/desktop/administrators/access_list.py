"""Judges a Windows security descriptor in its text form (SDDL): may anybody but administrators change the object?

https://learn.microsoft.com/windows/win32/secauthz/security-descriptor-string-format
"""

from __future__ import annotations

import re

_TRUSTED_INSTALLER = "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"
_ADMINISTRATORS = frozenset(
    {
        "BA", "S-1-5-32-544",  # the group of administrators
        "SY", "S-1-5-18",  # Windows itself
        "LA", "DA", "EA",  # the first account, and a domain's administrators
        _TRUSTED_INSTALLER,
    }
)  # fmt: skip
_STAND_INS = frozenset({"CO", "S-1-3-0", "OW", "S-1-3-4"})
"""Creator and owner: the first counts for what is made in a folder alone, the second for the owner, who is examined."""

_ADD = 0x2 | 0x4
"""To write into a file; into a folder others may add files, as they may in %ProgramData%, but replace only their own."""
_REMOVE_FROM_FOLDER = 0x40
_REPLACE = 0x10000 | 0x40000 | 0x80000 | 0x10000000
"""To delete or rename, to change the permissions or the owner, and all rights at once."""
_WRITE_ALL = 0x40000000
_RIGHTS = {
    "CC": 0x1, "DC": 0x2, "LC": 0x4, "SW": 0x8, "RP": 0x10, "WP": 0x20, "DT": 0x40, "LO": 0x80, "CR": 0x100,
    "SD": 0x10000, "RC": 0x20000, "WD": 0x40000, "WO": 0x80000,
    "GA": 0x10000000, "GX": 0x20000000, "GW": 0x40000000, "GR": 0x80000000,
    "FA": 0x1F01FF, "FR": 0x120089, "FW": 0x120116, "FX": 0x1200A0,
}  # fmt: skip
_DENIALS = frozenset({"D", "OD", "XD", "ZD"})
_DESCRIPTOR = re.compile(r"O:(S-1-[\d-]+|[A-Z]{2})D:[A-Z]*((?:\([^()]*\))*)")


def may_others_change(sddl: str, *, is_folder: bool) -> bool:
    """Whether somebody who is no administrator may change the file, or replace what is in the folder.

    `sddl` holds owner and access list; one that cannot be understood counts as open to others.
    """
    found = _DESCRIPTOR.fullmatch(sddl)
    if found is None or found[1] not in _ADMINISTRATORS:
        return True
    wanted = _REPLACE | (_REMOVE_FROM_FOLDER if is_folder else _ADD | _WRITE_ALL)
    return any(_grants(entry, wanted) for entry in re.findall(r"\(([^()]*)\)", found[2]))


def _grants(entry: str, wanted: int) -> bool:
    """Whether an entry gives one of the wanted rights to somebody who is no administrator."""
    kind, flags, rights, _, _, who, *_ = [*entry.split(";"), *[""] * 6]
    if kind in _DENIALS or who in _ADMINISTRATORS | _STAND_INS:
        return False
    if "IO" in re.findall("..", flags):  # inherited by what is made in it, and without force here
        return False
    return bool(_read_rights(rights) & wanted)


def _read_rights(text: str) -> int:
    """Read a number, or abbreviations of two letters; rights that cannot be understood are all rights."""
    try:
        return int(text, 0)
    except ValueError:
        mask = 0
        for name in re.findall("..?", text):
            mask |= _RIGHTS.get(name, -1)
        return mask
