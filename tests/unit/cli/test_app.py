"""Facts about the commands together: help, errors, exit codes."""

import io
import os
import subprocess
import sys

import pytest
import typer

from practicum import __version__
from practicum.__main__ import main
from practicum.cli.app import app, run, say
from practicum.core.errors import DataError


@pytest.fixture
def failing(monkeypatch):
    """Make `practicum show` raise what is given."""

    def fail(error):
        def boom():
            raise error

        command = typer.main.get_command(app)
        command.commands["show"].callback = boom
        command.commands["show"].params = []
        monkeypatch.setattr(typer.main, "get_command", lambda _: command)
        return run(["show"], started=0.0)

    return fail


def test_the_version_is_printed(capsys):
    """And nothing else."""
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"practicum {__version__}\n"


@pytest.mark.parametrize("words", [[], ["--help"]])
def test_help_names_the_commands(capsys, words):
    """Without words the command says what it can do; that is no mistake."""
    assert main(words) == 0

    out = capsys.readouterr().out
    assert all(name in out for name in ("fit", "predict", "show", "guide"))


@pytest.mark.parametrize("command", ["fit", "predict", "show", "guide"])
def test_each_command_has_help(capsys, command):
    """Every option is explained."""
    assert main([command, "--help"]) == 0
    assert f"practicum {command}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["fit", "x.csv"], "Missing option '--target'. See `practicum fit --help`."),
        (["fit", "x.csv", "--tarhet", "y"], "No such option: --tarhet"),
        (
            ["fit", "x.csv", "--target", "y", "--seeds", "many"],
            "Invalid value for '--seeds': ",
        ),
        (["fti"], "No such command 'fti'."),
        (["show"], "Missing argument 'RUN'. See `practicum show --help`."),
        (["predict", "a", "b", "c"], "Got unexpected extra argument"),
    ],
)
def test_a_wrong_command_line_is_one_line(capsys, words, message):
    """Exit code 2, one line on stderr that starts with "error:", nothing on stdout."""
    assert main(words) == 2

    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(f"error: {message}")
    assert said.err.count("\n") == 1


def test_our_errors_are_one_line(failing, capsys):
    """The message stands as it is, after "error:"."""
    assert failing(DataError("`x` must [bold]be[/bold] ü.")) == 2
    assert capsys.readouterr().err == "error: `x` must [bold]be[/bold] ü.\n"


def test_a_message_of_several_lines_becomes_one(failing, capsys):
    """A quoted value may hold line ends; the message is one line all the same."""
    assert failing(DataError("a\nb")) == 2
    assert capsys.readouterr().err == "error: a b\n"


@pytest.mark.parametrize("error", [KeyboardInterrupt(), typer.Abort()])
def test_ctrl_c_ends_with_130(failing, capsys, error):
    """As shells expect; the user is told that nothing was saved."""
    assert failing(error) == 130
    assert capsys.readouterr().err == "Interrupted; nothing was saved.\n"


def test_a_bug_is_not_hidden(failing):
    """An unexpected exception keeps its traceback."""
    with pytest.raises(ZeroDivisionError):
        failing(ZeroDivisionError())


def test_the_start_reaches_the_command(monkeypatch):
    """A budget counts from there."""
    seen = []
    command = typer.main.get_command(app)

    def keep(context):
        seen.append(context.obj)

    monkeypatch.setattr(command.commands["show"], "invoke", keep)
    monkeypatch.setattr(typer.main, "get_command", lambda _: command)

    assert run(["show", "x"], started=12.5) == 0
    assert seen == [12.5]


def test_a_reader_may_leave():
    """With nobody at the other end of the pipe the command ends without a word, as SIGPIPE would end it."""
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "practicum", "guide"]
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)

    assert (done.returncode, done.stderr) == (141, b"")


def test_help_does_not_import_torch():
    """Help is quick because nothing slow is loaded for it."""
    code = (
        "import sys; from practicum.__main__ import main; main(['--help']); sys.exit('torch' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0


def test_words_that_stderr_cannot_say_are_escaped(monkeypatch):
    """A console of an old encoding is no reason for a traceback."""
    console = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stderr", console)
    say("ü")
    console.flush()

    assert console.buffer.getvalue() == b"\\xfc\n"
