"""The guide put together: complete, consistent, quick to import, easy to ask."""

import contextlib
import re
import subprocess
import sys
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from practicum.core.errors import ConfigError
from practicum.core.guide import GUIDE, SETTINGS, get, search, setting
from practicum.core.guide.evidence import EVIDENCE

LINES = {"1": 3, "1.1": 6, "1.2": 11, "1.3": 4, "2.1": 12, "2.2": 7, "3": 5, "3.1": 20, "3.2": 45}
LINES |= {
    "3.3": 18,
    "3.4": 13,
    "4.1": 10,
    "4.2": 14,
    "5.1": 3,
    "5.2": 5,
    "5.3": 7,
    "6.1": 7,
    "6.2": 9,
    "6.3": 1,
}
CHAPTER = [f"{section}-{n:02}" for section, count in LINES.items() for n in range(1, count + 1)]
ERRATA = [f"erratum-E{n}" for n in range(1, 15)]
FAULTS = {"D": 12, "L": 10, "A": 16, "O": 15, "C": 10, "E": 8, "S": 9}
SYSTEMS = {"H": 24, "D": 28, "P": 43, "T": 15}


def numbered(kind: str, counts: dict[str, int]) -> list[str]:
    """Return keys such as fault-D1, fault-D2, …"""
    return [f"{kind}-{letter}{n}" for letter, count in counts.items() for n in range(1, count + 1)]


def test_every_line_of_the_chapter_is_there():
    """200 lines, in the chapter's order, none missing and none invented."""
    assert [key for key, found in GUIDE.items() if found.kind == "chapter"] == CHAPTER
    assert len(CHAPTER) == 200


def test_all_errata_and_all_faults_are_there():
    """14 errata and the 80 faults of the catalogue, in order."""
    assert [key for key, found in GUIDE.items() if found.kind == "erratum"] == ERRATA
    assert [key for key, found in GUIDE.items() if found.kind == "fault"] == numbered("fault", FAULTS)


def test_all_capabilities_of_the_older_systems_are_there():
    """P32 stands in five parts, a to e; all others once."""
    found = Counter(re.sub(r"(?<=P32)[a-e]$", "", key) for key in GUIDE if key.startswith("system-"))

    assert found == {key: 5 if key == "system-P32" else 1 for key in numbered("system", SYSTEMS)}


def test_every_text_is_short_and_plain():
    """A title has at most eight words and stands once; texts are plain and end in a full stop."""
    titles = Counter((found.kind, found.title) for found in GUIDE.values())
    for found in GUIDE.values():
        assert len(found.title.split()) <= 8, found.key
        assert titles[found.kind, found.title] == 1, found.key
        assert found.text.rstrip(")").endswith("."), found.key
        assert len(found.text) <= 600, found.key
        assert not re.search(r"\*\*|`|\[text|\s{2}|DOUBT", found.title + found.text), found.key
        assert found.source, found.key


def test_every_key_that_a_text_names_exists():
    """Cross references lead somewhere."""
    pattern = r"\b(?:erratum|fault|system)-[A-Z]\d+[a-e]?|\b[1-6](?:\.\d)?-\d\d\b"
    for found in GUIDE.values():
        for key in re.findall(pattern, found.text + found.source):
            assert key in GUIDE, (found.key, key)


def test_evidence_stands_for_each_key_in_the_same_order():
    """One line of evidence a key, none left over."""
    assert list(EVIDENCE) == list(GUIDE)


def test_the_guide_imports_nothing_heavy():
    """`practicum guide` answers at once: neither torch nor numpy nor pydantic is loaded."""
    code = "import sys, practicum.core.guide.pages; print(*sys.modules)"

    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {"torch", "numpy", "polars", "pydantic", "yaml"} & set(run.stdout.split()) == set()


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ("3.1-02", "3.1-02"),
        ("3.1-2", "3.1-02"),
        (" FAULT-d1 ", "fault-D1"),
        ("system-p32A", "system-P32a"),
        ("Erratum-E6", "erratum-E6"),
    ],
)
def test_a_key_may_be_written_loosely(given, key):
    """Capitals, spaces around it and a missing nought do not matter."""
    assert get(given) is GUIDE[key]


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("E6", r'but got key="E6"\. Did you mean "erratum-E6" or "fault-E6"\?'),
        ("P20", r'Did you mean "system-P20"\?'),
        ("3.1-99", r'Did you mean "3\.1-\d\d"\?'),
        ("zzz", r'such as "3\.1-02", but got key="zzz"\.$'),
        ("02", r'but got key="02"\. Did you mean "[^ ]+"\?$'),
    ],
)
def test_an_unknown_key_is_refused_with_the_nearest(key, message):
    """A bare letter and number gets its full forms; a bare number, which fits many, only one."""
    with pytest.raises(ConfigError, match=message):
        get(key)


@given(st.text())
def test_any_key_gives_a_recommendation_or_a_config_error(key):
    """Nothing else escapes."""
    with contextlib.suppress(ConfigError):
        assert get(key) in GUIDE.values()


def test_search_wants_all_words_and_ranks_titles_first():
    """Words in the title come before words in the text; capitals do not matter."""
    found = search("PATIENCE updates")

    assert found[0].key == "erratum-E4"
    assert "3.1-12" in [one.key for one in found]
    for one in found:
        assert {"patience", "updates"} <= set(re.findall(r"\w+", f"{one.title} {one.text}".casefold()))


def test_search_finds_what_governs_a_setting():
    """The name of a recipe's field is a search word."""
    assert [one.key for one in search(["penalise_biases"])] == ["3.2-15"]


def test_search_for_nothing_is_everything():
    """An empty search lists the guide in order; nonsense lists nothing."""
    assert search("") == list(GUIDE.values())
    assert search("xyzzy") == []


def test_a_setting_is_found_by_name():
    """The same row that the recipe reads; the nearest name for a typo."""
    assert setting("momentum") is SETTINGS["momentum"]
    with pytest.raises(ConfigError, match=r'but got name="momentun"\. Did you mean "momentum"\?'):
        setting("momentun")
