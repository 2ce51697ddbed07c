"""The processes that a supervisor keeps alive. Only Python's own library here.

Each is started through `unprivileged.py`, so that Linux kills it when the supervisor ends, even by `kill -9`;
in a session of its own, so that Ctrl-C reaches the supervisor alone, which then stops them in order; and it
writes to a file of its own below the data folder's `log/`.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from config import unprivileged

LOG_BYTES = 20_000_000  # a longer log is put aside as NAME.log.1 when its process starts
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 4.0  # seconds before a process that ended is started again
STEADY_SECONDS = 30  # after which a process counts as well, and its pause is short again
STOP_SECONDS = 15


class Child:
    """One process, started again when it ends, after a pause that doubles."""

    def __init__(
        self,
        name: str,
        command: list[str],
        log_dir: Path,
        say: Callable[[str], None],
        *,
        fds: Iterable[int] = (),
        nice: int = 0,
    ) -> None:
        self.name, self._command, self._fds, self._say = name, command, tuple(fds), say
        self._nice = nice
        self.log = log_dir / f"{name}.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._started = self._due = 0.0
        self._pause = FIRST_PAUSE

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def tend(self) -> None:
        """Note that it ended, or start it when its time has come. Call this again and again."""
        now = time.monotonic()
        if self._process is not None and self._process.poll() is not None:
            self._pause = FIRST_PAUSE if now - self._started > STEADY_SECONDS else self._pause
            self._say(
                f"{self.name} ended ({_how(self._process.returncode)}). "
                f"It starts again in {self._pause:g} s; see {self.log}"
            )
            self._process, self._due = None, now + self._pause
            self._pause = min(self._pause * 2, LONGEST_PAUSE)
        if self._process is None and now >= self._due:
            self._start(now)

    def ask_to_stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def wait(self, until: float) -> None:
        """Wait until it is gone, and kill it at the instant `until` (of time.monotonic)."""
        if self._process is None:
            return
        try:
            self._process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            self._say(f"{self.name} did not stop in {STOP_SECONDS} s and is killed.")
            self._process.kill()
            self._process.wait()

    def _start(self, now: float) -> None:
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        flags = f"mortal={signal.SIGKILL:d},nice={self._nice}"
        launcher = [sys.executable, "-I", "-S", unprivileged.__file__, "-", "-", flags]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 — commands of the supervisor's own
                [*launcher, *self._command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=self._fds,
                env=os.environ,
                start_new_session=True,
            )
        self._started = now


def stop(children: list[Child]) -> None:
    """Ask all to stop at once, and wait for each."""
    for child in children:
        child.ask_to_stop()
    until = time.monotonic() + STOP_SECONDS
    for child in children:
        child.wait(until)


def _how(returncode: int) -> str:
    return f"exit {returncode}" if returncode >= 0 else signal.Signals(-returncode).name
