"""How memory is handed out on Linux; each fact in a process of its own, since it cannot be undone."""

import platform
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the rules are glibc's own")

THREADS = """
from threading import Barrier, Thread

def work():
    kept = bytes(4000)
    all_there.wait()

def reserved():
    return int(open("/proc/self/statm").read().split()[0]) * 4 // 1024

before = reserved()
all_there = Barrier(5)
for _ in range(4):
    Thread(target=work, daemon=True).start()
all_there.wait()
print(reserved() - before)
"""
BLOCKS = """
def heap():
    line = next(line for line in open("/proc/self/maps") if line.endswith("[heap]\\n"))
    begin, end = line.split()[0].split("-")
    return int(end, 16) - int(begin, 16)

block = bytearray(600_000)
del block
before = heap()
blocks = [bytearray(600_000) for _ in range(9)]
print((heap() - before) // 1024 // 1024)
"""


def figure(code: str, *, small: bool) -> int:
    """What such a process prints, with the program's own rules or without."""
    rules = "from trayapp.desktop.malloc_options import limit_heap; limit_heap()" if small else ""
    return int(subprocess.check_output([sys.executable, "-c", f"{rules}\n{code}"], text=True))


def test_threads_share_one_heap() -> None:
    """Four threads reserve their stacks alone, and not 64 MiB each besides."""
    assert figure(THREADS, small=False) > 4 * 64
    assert figure(THREADS, small=True) < 64


def test_a_large_block_never_becomes_part_of_the_heap() -> None:
    """After one large block was freed, as an icon's canvas is, the next ones are mapped by themselves all the same."""
    assert figure(BLOCKS, small=False) >= 4
    assert figure(BLOCKS, small=True) == 0


def test_the_holes_of_the_heap_are_given_back() -> None:
    """Of 20 MB that were freed below a block still in use, next to nothing stays."""
    code = """
import re
from pathlib import Path
from trayapp.desktop.malloc_options import trim_heap

def private():
    return int(re.search(r"Private_Dirty: +(\\d+)", Path("/proc/self/smaps_rollup").read_text())[1])

before = private()
blocks = [bytes(4000) for _ in range(5000)]
last = bytes(4000)
del blocks
trim_heap()
print(private() - before)
"""
    assert figure(code, small=True) < 2000
