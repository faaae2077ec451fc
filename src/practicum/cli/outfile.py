"""Files that a command writes: refused before any work where they cannot be, then put in place whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from practicum.core.errors import ConfigError


def check_out(
    option: str, out: Path, *, suffixes: Sequence[str] = (), apart_from: Path | None = None
) -> None:
    """Refuse, before any work, a file that cannot be written.

    Args:
        option: its name on the command line, for the message.
        out: the file.
        suffixes: one of which it must end in, if there are any.
        apart_from: a file that must not be overwritten.

    Raises:
        ConfigError: if the file cannot go there.
    """
    if suffixes and out.suffix not in suffixes:
        raise ConfigError(f"`{option}` must end in {' or '.join(suffixes)}, but got {option}={out}.", out=out)
    try:
        is_folder, has_home = out.is_dir(), out.parent.is_dir()
        is_other = (
            apart_from is not None and out.exists() and apart_from.exists() and out.samefile(apart_from)
        )
    except OSError as error:
        raise _cannot_write(option, out, error) from None
    if is_folder:
        raise ConfigError(
            f"`{option}` must be a file, but got {option}={out} (a folder). Name a file in it.", out=out
        )
    if is_other:
        raise ConfigError(
            f"`{option}` must not be the table itself, but got {option}={out}. Choose another name.", out=out
        )
    if not has_home:
        raise ConfigError(
            f"`{option}` must lie in a folder that exists, but got {option}={out} ({out.parent} is none). "
            "Make it first.",
            out=out,
        )


def write_out(option: str, out: Path, write: Callable[[Path], object]) -> None:
    """Write a file beside ``out``, then put it in place whole.

    Args:
        option: its name on the command line, for the message.
        out: the file, replaced if it exists.
        write: writes to a path.

    Raises:
        ConfigError: if the disk refuses.
    """
    part = out.with_name(f".{out.stem}-{uuid4().hex[:8]}{out.suffix}")
    try:
        write(part)
        part.replace(out)
    except Exception as error:
        # polars wraps some of the system's errors in classes of its own
        if not isinstance(error, OSError) and "(os error " not in str(error):
            raise
        raise _cannot_write(option, out, error) from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def write_text(option: str, out: Path, text: str) -> None:
    """Write text to ``out``, whole or not at all; arguments as for :func:`write_out`."""
    write_out(option, out, lambda part: part.write_text(text, encoding="utf-8", newline="\n"))


def _cannot_write(option: str, out: Path, error: Exception) -> ConfigError:
    """Return the one error for a disk that refuses."""
    return ConfigError(
        f"`{option}` must be a place that can be written to, but got {option}={out} ({error}). Choose another place.",
        out=out,
    )
