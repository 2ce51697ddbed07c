"""Which standard change this is: one that a template authorises beforehand. No Django here."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from changes.gate.facts import Facts, TemplateFacts
from changes.gate.globs import fits_any

MOST_EXPLAINED = 3


@dataclass(frozen=True, kw_only=True)
class Match:
    """The template that fits, or in words why those that come near do not."""

    template: TemplateFacts | None = None
    misses: tuple[str, ...] = ()


def match(facts: Facts) -> Match:
    """The first live template that fits; else those of this service, environment and kind that do not, and why."""
    misses = []
    for template in facts.templates:
        if not is_about(template, facts):
            continue
        miss = _miss(template, facts)
        if not miss:
            return Match(template=template)
        misses.append(f"Template “{template.name}” {miss}")
    return Match(misses=tuple(misses[:MOST_EXPLAINED]))


def is_about(template: TemplateFacts, facts: Facts) -> bool:
    """Whether it is for this service, environment and kind of change."""
    return (
        template.service in (None, facts.service.id if facts.service else None)
        and (not template.environment or fits_name(facts.environment, template.environment))
        and template.kind in ("", facts.question.kind)
    )


def fits_name(environment: str, pattern: str) -> bool:
    """Whether the name of an environment fits a pattern such as `staging*`, in any case of letters."""
    return fnmatchcase(environment.casefold(), pattern.casefold())


def _miss(template: TemplateFacts, facts: Facts) -> str:
    """Why it does not fit; "" where it does."""
    if template.suspended:
        return f"is suspended: {template.suspended}"
    return _paths(template, facts) or _author(template, facts) or _record(template, facts)


def _paths(template: TemplateFacts, facts: Facts) -> str:
    if not template.paths:
        return ""
    if not facts.paths:
        return "is for certain paths, and which ones this change touches is not known; name them with --path."
    outside = next((path for path in facts.paths if not fits_any(path, template.paths)), "")
    return f"does not cover {outside}." if outside else ""


def _author(template: TemplateFacts, facts: Facts) -> str:
    if template.team is None or (facts.author and template.team.slug in facts.author.teams):
        return ""
    who = facts.author.name if facts.author else facts.question.actor or "the author, whom nobody named,"
    return f"is for changes by {template.team.name}, and {who} is not known to be in it."


def _record(template: TemplateFacts, facts: Facts) -> str:
    if facts.successes >= template.earlier_successes:
        return ""
    return f"takes {template.earlier_successes} earlier successes, and there are {facts.successes}."
