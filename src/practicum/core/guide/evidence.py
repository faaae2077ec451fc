"""Where each recommendation stands: reads ``evidence.txt``, one line a key.

That file is the one to edit when something is built: status, the code, the test that proves it.
"""

from __future__ import annotations

from pathlib import Path

from practicum.core.guide.model import STATUSES, Evidence, Status

PATH = Path(__file__).with_name("evidence.txt")
_STATUS: dict[str, Status] = {status.replace(" ", "-"): status for status in STATUSES}


def parse(text: str) -> dict[str, Evidence]:
    """Return the evidence of each key, in the order of the lines.

    The file is ours, so a bad line is a broken invariant, not a user's mistake.

    Example:
        >>> parse("3.1-08 planned:3")["3.1-08"].planned_in
        3
    """
    found: dict[str, Evidence] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        key, *rest = line.split("#", 1)[0].split() or [""]
        if not key:
            continue
        assert rest, f"evidence.txt:{number}: {key} has no status"
        assert key not in found, f"evidence.txt:{number}: {key} stands twice"
        word, _, issue = rest[0].partition(":")
        assert word in _STATUS, f"evidence.txt:{number}: {word} is no status"
        code = tuple(link for link in rest[1:] if link.startswith("practicum"))
        tests = tuple(link for link in rest[1:] if link.startswith("tests/"))
        assert len(code) + len(tests) == len(rest) - 1, (
            f"evidence.txt:{number}: neither code nor test in {rest[1:]}"
        )
        found[key] = Evidence(_STATUS[word], code, tests, int(issue) if issue else None)
    return found


EVIDENCE = parse(PATH.read_text(encoding="utf-8"))
