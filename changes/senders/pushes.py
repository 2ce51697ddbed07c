"""The body of a push, which GitHub and GitLab tell alike."""

from changes.events import Push, PushedCommit
from changes.senders.repositories import branch, is_nothing
from notifications.payloads import Fields


def push(payload: Fields, *, repository: str, actor: str, complete: bool) -> list[Push]:
    """What came to a branch; nothing for tags and for a branch that was deleted. Raises `MalformedPayload`."""
    ref, after = payload.text("ref"), payload.text("after")
    if not repository or not ref.startswith("refs/heads/") or is_nothing(after):
        return []
    before = payload.text("before")
    return [
        Push(
            repository=repository,
            ref=branch(ref),
            before="" if is_nothing(before) else before,
            after=after,
            commits=tuple(_commit(commit) for commit in payload.objects("commits")),
            complete=complete,
            forced=payload.values.get("forced") is True,
            actor=actor,
        )
    ]


def _commit(commit: Fields) -> PushedCommit:
    author = commit.object("author")
    touched = (path for key in ("added", "modified", "removed") for path in _texts(commit, key))
    return PushedCommit(
        sha=commit.required_text("id"),
        message=commit.text("message") or commit.text("title"),
        author=author.text("username") or author.text("name"),
        committed_at=commit.time("timestamp"),
        url=commit.text("url"),
        paths=tuple(dict.fromkeys(touched)),
    )


def _texts(fields: Fields, key: str) -> list[str]:
    """A list of strings; empty where it is absent or null."""
    values = fields.values.get(key)
    if values is None:
        return []
    if not isinstance(values, list):
        fields.fail(key, "a list of texts")
    return [value if isinstance(value, str) else fields.fail(key, "a list of texts") for value in values]
