"""The commands together, and the one place where errors become a line on stderr and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from practicum import __version__
from practicum.cli.check import check
from practicum.cli.diagnose import diagnose
from practicum.cli.explain import explain
from practicum.cli.fit import fit
from practicum.cli.guide import guide
from practicum.cli.predict import predict
from practicum.cli.show import show
from practicum.cli.space import space
from practicum.core.errors import PracticumError

OK, MISTAKE, INTERRUPTED, BROKEN_PIPE = 0, 2, 130, 141

# Typer brings its own click since 0.26, so its errors are found through a class that both export.
UsageError: type[Exception] = typer.BadParameter.__bases__[0]

app = typer.Typer(
    name="practicum", add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False
)
app.command()(fit)
app.command()(predict)
app.command()(check)
app.command()(diagnose)
app.command()(explain)
app.command()(show)
app.command()(guide)
app.command()(space)


@app.callback(invoke_without_command=True)
def practicum(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Trains a neural network on your table the way Bengio's practical recommendations (2012) would.

    Start with: practicum fit DATA --target COLUMN
    """
    if version:
        print(f"practicum {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        print(context.get_help())
        raise typer.Exit


def run(words: Sequence[str], started: float) -> int:
    """Run one command line; return its exit code.

    Args:
        words: the command line without the program's name.
        started: when the command began, in seconds of `time.monotonic`.
    """
    command = typer.main.get_command(app)
    try:
        with command.make_context("practicum", list(words), obj=started) as context:
            command.invoke(context)
        sys.stdout.flush()
    except typer.Exit as end:
        return int(end.exit_code)
    except PracticumError as error:
        say(f"error: {error}")
        return MISTAKE
    except UsageError as error:
        say(f"error: {usage_message(error)}")
        return MISTAKE
    except (KeyboardInterrupt, typer.Abort):
        say("Interrupted; nothing was saved.")
        return INTERRUPTED
    except BrokenPipeError:
        # The reader left (`| head`): that is its right. Python flushes stdout once more at exit, so it goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    return OK


def usage_message(error: Exception) -> str:
    """Return what is wrong with the command line and how to see its form, in one line."""
    message = " ".join(str(getattr(error, "format_message", error.__str__)()).split())
    context = getattr(error, "ctx", None)
    name = context.command_path if context else "practicum"
    return f"{message.removesuffix('.')}. See `{name} --help`."


def say(message: str) -> None:
    """Write a message to stderr as one line, whatever its characters."""
    encoding = sys.stderr.encoding or "utf-8"
    line = " ".join(message.splitlines())
    sys.stderr.write(line.encode(encoding, "backslashreplace").decode(encoding) + "\n")
