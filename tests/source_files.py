"""The source files of a folder, read and parsed once for all tests that look into them."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path


@cache
def texts(folder: Path) -> Mapping[Path, str]:
    """The text of every source file below a folder, by its place in it. It is read once: no rule changes a file."""
    return {path.relative_to(folder): path.read_text("utf-8") for path in sorted(folder.rglob("*.py"))}


@cache
def trees(folder: Path) -> Mapping[Path, ast.Module]:
    """The same files, each parsed once."""
    return {where: ast.parse(text, str(where)) for where, text in texts(folder).items()}


@cache
def nodes(folder: Path) -> Mapping[Path, Sequence[ast.AST]]:
    """All that the trees consist of, a file's own tree first."""
    return {where: tuple(ast.walk(tree)) for where, tree in trees(folder).items()}
