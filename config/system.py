"""What the embedded PostgreSQL asks of the system: whose account to use, what a process number stands for."""

import os
import pwd
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Account:
    """Who runs the server: numbers as in passwd."""

    uid: int
    gid: int

    @property
    def name(self) -> str:
        try:
            return pwd.getpwuid(self.uid).pw_name
        except KeyError:
            return str(self.uid)

    def may_enter(self, folder: Path) -> bool:
        """Whether the permission bits of `folder` and of all above it let this account pass through."""
        return all(self._may_enter_one(each) for each in (folder, *folder.parents))

    def _may_enter_one(self, folder: Path) -> bool:
        status = folder.stat()
        shift = 6 if status.st_uid == self.uid else 3 if status.st_gid == self.gid else 0
        return bool(status.st_mode >> shift & 1)


def fresh_account() -> Account:
    """Who would own a new cluster: whoever calls, but never root."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    return Account(65534, 65534)


def command_line(pid: int) -> list[str]:
    """The words of a live process's command, empty where there is none (or only a zombie)."""
    if Path("/proc/self/cmdline").exists():
        try:
            return os.fsdecode(Path(f"/proc/{pid}/cmdline").read_bytes()).split("\0")
        except (FileNotFoundError, ProcessLookupError):
            return []
    ps = ["/bin/ps", "-ww", "-o", "command=", "-p", str(pid)]
    listed = subprocess.run(ps, capture_output=True, text=True, check=False).stdout.strip()
    data_folder = re.search(r" (-D) (.+?)(?= -c |$)", listed)  # ps does not say where words end
    return [listed, *data_folder.groups()] if data_folder else [listed]
