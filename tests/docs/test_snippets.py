"""Everything that the documentation shows is run: one test a page, its blocks in order, in one empty folder.

Python blocks of a page share their names. In `console` blocks the lines after `$ ` are commands; in `bash`
blocks every line is. Tables are made small and budgets short first, so that a page takes seconds. A comment
before a block changes this: `<!-- snippet: skip (reason) -->` leaves the block out; `<!-- snippet: needs package -->`
does where the package is absent;
`<!-- snippet: exit 2 -->` says that its last command fails so and that the rest of the block is its message.
"""

from __future__ import annotations

import contextlib
import gzip
import importlib.util
import io
import re
import shlex
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from practicum.__main__ import main
from practicum.core.seeds import stream

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
LANGUAGES = ("python", "console", "bash")
FENCE = re.compile(
    r"^(?:<!-- snippet: (?P<mark>[^\n]*?) -->\n+)?^```(?P<language>\w+)[^\n]*\n(?P<body>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
NUM_ROWS = 240
BUDGET = "2s"
NUM_TRIALS = 4
NUM_STEPS = 30


@dataclass(frozen=True)
class Block:
    """One fenced block of a page: its language, text, the comment before it and its place."""

    language: str
    body: str
    mark: str
    place: str

    @property
    def skipped(self) -> bool:
        """Whether the page says that the block can't be run; a reason is demanded."""
        if self.mark.startswith("skip"):
            assert re.fullmatch(r"skip \(.+\)", self.mark), f"{self.place}: say why the block is skipped"
            return True
        assert not self.mark or self.exit_code or self.needs, f"{self.place}: unknown mark {self.mark!r}"
        return False

    @property
    def needs(self) -> str:
        """The package that the block needs beside practicum's own, or nothing."""
        found = re.fullmatch(r"needs (\w+)", self.mark)
        return found[1] if found else ""

    @property
    def is_absent(self) -> bool:
        """Whether that package is not there."""
        return bool(self.needs) and importlib.util.find_spec(self.needs) is None

    @property
    def exit_code(self) -> int:
        """How the last command of the block ends."""
        found = re.fullmatch(r"exit (\d)", self.mark)
        return int(found[1]) if found else 0


def blocks(text: str, name: str) -> list[Block]:
    """Return the blocks of a page that are code to run."""
    return [
        Block(m["language"], m["body"], m["mark"] or "", f"{name}:{text.count(chr(10), 0, m.start()) + 1}")
        for m in FENCE.finditer(text)
        if m["language"] in LANGUAGES
    ]


def commands(block: Block) -> list[str]:
    """Return the command lines of a shell block, continued lines joined."""
    text = block.body.replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines()]
    if block.language == "console":
        return [line[2:] for line in lines if line.startswith("$ ")]
    return [line for line in lines if line and not line.startswith("#")]


def shorten(text: str) -> str:
    """Return ``text`` with every budget cut to seconds, every search to a few settings."""
    text = re.sub(r"--budget[ =]\S+", f"--budget {BUDGET}", text)
    text = re.sub(r"--trials[ =]\d+", f"--trials {NUM_TRIALS}", text)
    text = re.sub(r"num_steps(=|\": )\d+", rf"num_steps\g<1>{NUM_STEPS}", text)
    return re.sub(r'budget="[^"]+"', f'budget="{BUDGET}"', text)


def run_command(line: str, place: str) -> tuple[int, str]:
    """Run one `practicum` command line in this process; return its exit code and all that it said.

    What goes into a file (`> FILE` at the end) is not said.
    """
    words = shlex.split(shorten(line), comments=True)
    assert words[0] == "practicum", f"{place}: only `practicum` commands are run; mark `{line}` as skipped"
    said = out = io.StringIO()
    if words[-2:-1] == [">"]:
        words, out, file = words[:-2], io.StringIO(), Path(words[-1])
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(said):
        code = main(words[1:])
    if out is not said:
        file.write_text(out.getvalue(), encoding="utf-8")
    return code, said.getvalue()


def run_block(block: Block, names: dict[str, object]) -> None:
    """Run one block; fail with its place on the page."""
    if block.language == "python":
        exec(compile(shorten(block.body), block.place, "exec"), names)
        return
    lines = commands(block)
    assert lines, f"{block.place}: a block of commands must hold one"
    for line in lines:
        code, said = run_command(line, block.place)
        expected = block.exit_code if line == lines[-1] else 0
        assert code == expected, f"{block.place}: `{line}` ended with {code}:\n{said}"
    if block.exit_code:
        shown = block.body.split(lines[-1], 1)[1]
        assert " ".join(shown.split()) in " ".join(said.split()), f"{block.place}: it says otherwise:\n{said}"


def write_pictures(folder: Path) -> None:
    """Write files of the form of Fashion-MNIST: a few made-up pictures of ten kinds."""
    folder.mkdir()
    draw = stream(0, "tests/pictures")
    for part in ("train", "t10k"):
        labels = np.arange(NUM_ROWS, dtype=np.uint8) % 10
        pictures = draw.integers(0, 60, (NUM_ROWS, 28, 28), dtype=np.uint8)
        pictures[np.arange(NUM_ROWS), 2 * labels] = 255
        for name, values in (("images-idx3", pictures), ("labels-idx1", labels)):
            head = bytes([0, 0, 8, values.ndim]) + np.array(values.shape, ">i4").tobytes()
            (folder / f"{part}-{name}-ubyte.gz").write_bytes(gzip.compress(head + values.tobytes()))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty working folder with small copies of the example tables, as the pages name them."""
    for name in ("adult_sample", "abalone"):
        rows = gzip.decompress((ROOT / "examples" / f"{name}.csv.gz").read_bytes()).splitlines(keepends=True)
        small = tmp_path / "examples" / f"{name}.csv.gz"
        small.parent.mkdir(exist_ok=True)
        small.write_bytes(gzip.compress(b"".join(rows[: NUM_ROWS + 1])))
    write_pictures(tmp_path / "fashion_mnist")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "page",
    [
        page
        for page in PAGES
        if any(not b.skipped for b in blocks(page.read_text(encoding="utf-8"), page.name))
    ],
    ids=lambda page: page.relative_to(ROOT).as_posix(),
)
# Lightning's own, or of what it calls.
@pytest.mark.filterwarnings("ignore:.*LeafSpec.* is deprecated:FutureWarning")
@pytest.mark.filterwarnings("ignore:The '.*_dataloader' does not have many workers")
def test_page_does_what_it_shows(page: Path, folder: Path) -> None:
    """Every block of the page runs, in order."""
    names: dict[str, object] = {"__name__": "__main__"}
    absent = []
    for block in blocks(page.read_text(encoding="utf-8"), page.relative_to(ROOT).as_posix()):
        if not block.skipped and block.is_absent:
            absent.append(f"{block.place} needs {block.needs}")
        elif not block.skipped:
            run_block(block, names)
    if absent:
        pytest.skip(f"the rest of the page was run, but {', '.join(absent)}")


def test_marks_are_read() -> None:
    """The comment before a block is its mark, and the block has its line."""
    failing = "<!-- snippet: exit 2 -->\n```console\n$ practicum fit x \\\n  --target y\nno\n```\n"
    text = f"Hello\n\n{failing}\n```python\na = 1\n```\n"
    first, second = blocks(text, "page")

    assert (first.exit_code, first.place, commands(first)) == (2, "page:3", ["practicum fit x    --target y"])
    assert (second.mark, second.body) == ("", "a = 1\n")


def test_what_a_command_prints_can_go_into_a_file(folder: Path) -> None:
    """As the shell would do it."""
    code, said = run_command("practicum --version > version.txt", "page:1")

    assert (code, said) == (0, "")
    assert (folder / "version.txt").read_text(encoding="utf-8").startswith("practicum ")


def test_a_skip_needs_a_reason() -> None:
    """A block can't be left out silently."""
    with pytest.raises(AssertionError, match="say why"):
        _ = Block("python", "", "skip", "page:1").skipped


def test_a_block_may_need_a_package() -> None:
    """It is left out where that is absent, and only there."""
    there, absent = (
        Block("python", "", f"needs {name}", "page:1") for name in ("torch", "nothing_of_this_name")
    )

    assert (there.skipped, there.is_absent, absent.skipped, absent.is_absent) == (False, False, False, True)


def test_a_wrong_page_fails() -> None:
    """A block whose code is wrong fails its page, and a foreign command is not passed over."""
    with pytest.raises(NameError):
        run_block(Block("python", "nothing_of_this_name", "", "page:1"), {})
    with pytest.raises(AssertionError, match="only `practicum`"):
        run_block(Block("bash", "rm everything", "", "page:1"), {})
