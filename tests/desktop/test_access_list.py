"""Who may change a file of Windows: owners and access lists as Windows gives them, and as somebody might open them."""

from __future__ import annotations

import pytest

from trayapp.desktop.administrators.access_list import may_others_change

INSTALLER = "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"
ANN = "S-1-5-21-1004336348-1177238915-682003330-1001"

FILE = "O:BAD:AI(A;ID;FA;;;SY)(A;ID;FA;;;BA)(A;ID;0x1200a9;;;BU)"
"""As an administrator's file in a folder of %ProgramData% is."""
FOLDER = (
    "O:BAD:AI(A;OICIID;FA;;;SY)(A;OICIID;FA;;;BA)(A;OICIIOID;GA;;;CO)"
    "(A;OICIID;0x1200a9;;;BU)(A;CIID;DCLCRPCR;;;BU)"
)
"""As a folder that an administrator makes there is: users may add files to it."""
DISK = (
    f"O:{INSTALLER}D:PAI(A;;LC;;;AU)(A;OICIIO;SDGXGWGR;;;AU)(A;;FA;;;SY)(A;OICIIO;GA;;;SY)"
    "(A;OICIIO;GA;;;BA)(A;;FA;;;BA)(A;OICI;0x1200a9;;;BU)"
)
"""As Windows' own disk is: everybody may make folders there."""


@pytest.mark.parametrize(
    ("sddl", "is_folder"),
    [
        (FILE, False),
        (FOLDER, True),
        (
            "O:SYD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICIIO;GA;;;CO)(A;OICI;0x1200a9;;;BU)(A;CI;DCLCRPCR;;;BU)",
            True,
        ),
        (
            DISK,
            True,
        ),
        ("O:S-1-5-18D:(A;;0x1f01ff;;;S-1-5-32-544)", False),
        ("O:BAD:(D;;FA;;;BU)(A;;FR;;;WD)(A;;GRGX;;;AU)", False),
        ("O:BAD:P", False),
    ],
    ids=["file", "folder", "ProgramData", "the disk", "by numbers", "denied and read", "closed to all"],
)
def test_what_administrators_alone_may_change_counts(sddl: str, *, is_folder: bool) -> None:
    """As Windows 10 and 11 make such files and folders."""
    assert not may_others_change(sddl, is_folder=is_folder)


@pytest.mark.parametrize(
    ("sddl", "is_folder"),
    [
        (FILE.replace("O:BA", f"O:{ANN}"), False),
        (FILE.replace("O:BA", "O:BU"), False),
        (f"{FILE}(A;;FA;;;{ANN})", False),
        (f"{FILE}(A;;0x1301bf;;;AU)", False),
        (f"{FILE}(A;ID;FW;;;WD)", False),
        (f"{FILE}(A;;GA;;;IU)", False),
        (f"{FILE}(A;;GRGW;;;BU)", False),
        (f"{FILE}(A;;DC;;;BU)", False),
        (f"{FILE}(A;;SD;;;BU)", False),
        (f"{FILE}(A;;WD;;;BU)", False),
        (f"{FILE}(A;;WO;;;BU)", False),
        (f"{FILE}(OA;;FA;;;BU)", False),
        (f"{FILE}(XA;;FA;;;BU;(Member_of {{SID(BA)}}))", False),
        (f"{FILE}(A;;ZZ;;;BU)", False),
        (f"{FILE}(A;;0x40000000;;;S-1-1-0)", False),
        (FOLDER.replace("O:BA", f"O:{ANN}"), True),
        (f"{FOLDER}(A;OICI;DT;;;BU)", True),
        (f"{FOLDER}(A;;0x1301bf;;;AU)", True),
        (f"{FOLDER}(A;;FA;;;WD)", True),
        ("O:BA", False),
        ("O:BAD:NO_ACCESS_CONTROL", False),
        ("D:(A;;FA;;;BA)", False),
        ("", False),
        ("nonsense", True),
    ],
)
def test_what_others_may_change_does_not(sddl: str, *, is_folder: bool) -> None:
    """By whatever right, as the owner, or in a way that is not understood."""
    assert may_others_change(sddl, is_folder=is_folder)


def test_what_may_be_added_to_a_folder_may_not_be_written_into_a_file() -> None:
    """The same bits mean both."""
    entry = "(A;;DCLCRPCR;;;BU)"
    assert may_others_change(FILE + entry, is_folder=False)
    assert not may_others_change(FILE + entry, is_folder=True)
