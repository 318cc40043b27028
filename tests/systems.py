"""What a test needs of the system it runs on."""

from __future__ import annotations

import sys

import pytest

modes = pytest.mark.skipif(sys.platform == "win32", reason="Windows' files have no such modes")
unix = pytest.mark.skipif(sys.platform == "win32", reason="Windows does it in another way")
