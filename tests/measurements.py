"""Measured reports stand in docs/measurements.md between markers, so that a new one takes the old one's place."""

from pathlib import Path

DOCUMENT = Path(__file__).parent.parent / "docs" / "measurements.md"


def put_into(document: Path, name: str, text: str) -> bool:
    """Write a report between the markers of its name; False, and nothing written, where the document has none."""
    old = document.read_text(encoding="utf-8")
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    before, found, rest = old.partition(begin)
    _, ended, after = rest.partition(end)
    if not (found and ended):
        return False
    document.write_text(f"{before}{begin}\n\n{text}\n{end}{after}", encoding="utf-8")
    return True
