"""What senders of code say of repositories and branches, brought to one form."""

import re
from urllib.parse import urlsplit

_SCP = re.compile(r"(?:[^@/\s]+@)?[^:/\s]+:(?P<path>[^/\s].*)")  # git@host:owner/name.git
_REF = re.compile(r"(?:refs/heads/|refs/remotes/[^/]+/|refs/tags/|(?:remotes/)?origin/)")
NOTHING = re.compile("0*")  # the commit before a branch began and after it was deleted


def repository(address: str) -> str:
    """`owner/name` of a repository's address on the web, over ssh or in git's short form; "" where there is none."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return ""
    match = None if "://" in address else _SCP.fullmatch(address.strip())
    path = match["path"] if match else parts.path if parts.netloc else ""
    return path.strip("/").removesuffix(".git")


def branch(ref: str) -> str:
    """A branch or tag without what git puts before its name."""
    return _REF.sub("", ref.strip(), count=1) if _REF.match(ref.strip()) else ref.strip()


def is_nothing(sha: str) -> bool:
    """Whether this is git's all-zero commit, or none at all."""
    return NOTHING.fullmatch(sha) is not None
