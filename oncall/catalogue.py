"""Which of our services a sender means."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from django.db.models import Q, Value
from django.db.models.functions import Upper

from notifications.models import Integration
from oncall.mapping import Rule, Said, fitting, read_rules
from oncall.models import Service

By = Literal["mapping", "rule", "service", "slug", "name", "repository", ""]
Choice = tuple[str, By, Rule | None]  # a slug that is named in an integration's settings, and where


@dataclass(frozen=True)
class Match:
    """The service that is meant, and `by` what it was found: "" where nobody knows. `rule` is the one that decided."""

    service: Service | None = None
    by: By = ""
    rule: Rule | None = None


def find_service(
    hint: str, repository: str = "", integration: Integration | None = None, said: Said | None = None
) -> Service | None:
    """The integration's mapping of the sender's name first, then its rules, then its fixed service; then slug, name,
    repository. `said` is what else was said, for the rules (`oncall.mapping.said()`). One query.

    Names and repositories count in any case of letters. A repository that several services share, or a name that two
    have, means none of them: we do not guess.
    """
    [found] = find_services(
        [{**(said or {}), "name": hint, "repository": repository or _text(said, "repository")}], integration
    )
    return found


def find_services(said: Sequence[Said], integration: Integration | None = None) -> list[Service | None]:
    """As `find_service()`, for many things said through one integration: one query, however many they are."""
    rules = read_rules(integration.rules) if integration else []
    return [match.service for match in match_all(said, integration, rules)]


def match_all(said: Sequence[Said], integration: Integration | None, rules: Sequence[Rule]) -> list[Match]:
    """For each thing said, the service that is meant and why; by these rules, whatever rules are stored."""
    keys = [repr(sorted(one.items())) for one in said]
    distinct = dict(zip(keys, said, strict=True))  # in a storm most say the same
    mapping = {str(name).casefold(): slug for name, slug in integration.mapping.items()} if integration else {}
    fixed = integration.service if integration else ""
    chosen = {key: list(_chosen(one, mapping, rules, fixed)) for key, one in distinct.items()}
    among = _Services(_load(distinct.values(), {slug for choices in chosen.values() for slug, _, _ in choices}))
    found = {key: among.match(one, chosen[key]) for key, one in distinct.items()}
    return [found[key] for key in keys]


def _chosen(said: Said, mapping: Mapping[str, str], rules: Sequence[Rule], fixed: str) -> Iterator[Choice]:
    """The slugs that the integration's settings name for what was said, the first that exists to be taken."""
    for name in (_text(said, "name"), _text(said, "repository")):
        if name and (slug := mapping.get(name.casefold())):
            yield slug, "mapping", None
    for rule in fitting(rules, said):
        yield rule.service, "rule", rule
    if fixed:
        yield fixed, "service", None


def _load(said: Iterable[Said], slugs: Collection[str]) -> Iterable[Service]:
    """Every service that one of these slugs, names or repositories may mean."""
    told = list(said)
    hints = [Upper(Value(hint)) for hint in {_text(one, "name") for one in told} if hint]
    repositories = {form for one in told if (name := _text(one, "repository")) for form in (name, name.lower())}
    if not (slugs or hints or repositories):
        return []
    wanted = Q(slug__in=slugs) | Q(repositories__overlap=sorted(repositories))
    if hints:
        wanted |= Q(upper_slug__in=hints) | Q(upper_name__in=hints)
    return Service.objects.alias(upper_slug=Upper("slug"), upper_name=Upper("name")).filter(wanted)


class _Services:
    """Services by what they may be called."""

    def __init__(self, services: Iterable[Service]) -> None:
        self.exact: dict[str, Service] = {}
        self.called: dict[tuple[By, str], list[Service]] = defaultdict(list)
        for service in services:
            self.exact[service.slug] = service
            self.called["slug", service.slug.casefold()].append(service)
            self.called["name", service.name.casefold()].append(service)
            for repository in service.repositories:
                self.called["repository", repository.lower()].append(service)

    def match(self, said: Said, chosen: Iterable[Choice]) -> Match:
        for slug, by, rule in chosen:
            if slug in self.exact:
                return Match(self.exact[slug], by, rule)
        hint, repository = _text(said, "name").casefold(), _text(said, "repository").lower()
        asked: list[tuple[By, str]] = [("slug", hint), ("name", hint), ("repository", repository)]
        for one in asked:
            if len(found := self.called.get(one, [])) == 1:
                return Match(found[0], one[0])
        return Match()


def _text(said: Said | None, field: str) -> str:
    told = (said or {}).get(field, "")
    return told.strip() if isinstance(told, str) else ""
