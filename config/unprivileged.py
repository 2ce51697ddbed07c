"""Become another account, then run a program: `python unprivileged.py UID GID FLAGS PROGRAM ARGUMENT…`.

A script of its own, because what runs between fork and exec must not be a threaded Django. It imports nothing
of the project and is run with `python -I`.

UID and GID are numbers, or `-` to stay who one is. FLAGS is a comma-separated list, or `-` for none:

- `search`: keep, of all of root's rights, only the one to pass through folders that the account may not
  enter (CAP_DAC_READ_SEARCH, or CAP_DAC_OVERRIDE where a container withholds that). PostgreSQL refuses to run
  as root, and a checkout below a folder of mode 0700 would otherwise have to be opened to everybody.
- `nice=N`: it gives way to others by so much.
- `mortal=N`: the program gets signal N when the process that started it ends, however that ends (Linux only).
"""

import ctypes
import os
import sys
from pathlib import Path

CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2
PR_SET_PDEATHSIG, PR_SET_SECUREBITS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 1, 28, 47, 2
SECBIT_NO_SETUID_FIXUP = 4  # without it access(2), with which initdb looks for postgres, ignores capabilities
CAPABILITY_VERSION_3 = 0x20080522  # linux/capability.h


def searching_capability() -> int | None:
    """The capability of this process that passes through closed folders, or None where it has none."""
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return None
    effective = next((int(line.split()[1], 16) for line in status.splitlines() if line.startswith("CapEff:")), 0)
    return next((cap for cap in (CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE) if effective >> cap & 1), None)


def become(uid: int, gid: int, capability: int | None) -> None:
    """Drop to the account for good, keeping at most the one capability across the coming exec."""
    if capability is not None:
        _prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP)
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    if capability is not None:
        bit = 1 << capability
        header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
        effective_permitted_inheritable = (ctypes.c_uint32 * 6)(bit, bit, bit, 0, 0, 0)
        if ctypes.CDLL(None, use_errno=True).capset(header, effective_permitted_inheritable):
            raise OSError(ctypes.get_errno(), "capset")
        _prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability)


def die_with(parent: int, by: int) -> None:
    """Ask Linux for the signal `by` when `parent`, which started us, ends; elsewhere this does nothing."""
    if sys.platform == "linux":
        _prctl(PR_SET_PDEATHSIG, by)
        if os.getppid() != parent:
            os.kill(os.getpid(), by)


def _prctl(option: int, *values: int) -> None:
    arguments = [ctypes.c_ulong(value) for value in (*values, 0, 0, 0, 0)[:4]]
    if ctypes.CDLL(None, use_errno=True).prctl(option, *arguments):
        raise OSError(ctypes.get_errno(), f"prctl({option})")


def main(arguments: list[str]) -> None:
    parent = os.getppid()
    uid, gid, words, *command = arguments
    flags = dict(word.partition("=")[::2] for word in words.split(","))
    if uid != "-":
        become(int(uid), int(gid), searching_capability() if "search" in flags else None)
        os.chdir("/")
    if "nice" in flags:
        os.nice(int(flags["nice"]))
    if "mortal" in flags:  # after the change of account, which forgets it
        die_with(parent, int(flags["mortal"]))
    os.execv(command[0], command)  # noqa: S606 — the caller gives a whole path


if __name__ == "__main__":
    main(sys.argv[1:])
