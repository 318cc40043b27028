"""Measured reports stand in the README between markers, so that a new one takes the old one's place."""

from pathlib import Path


def put_into(readme: Path, name: str, text: str) -> bool:
    """A report between the markers of its name; False, and nothing written, where the file has none."""
    old = readme.read_text(encoding="utf-8")
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    before, found, rest = old.partition(begin)
    _, ended, after = rest.partition(end)
    if not (found and ended):
        return False
    readme.write_text(f"{before}{begin}\n\n{text}\n{end}{after}", encoding="utf-8")
    return True
