"""Who works at the sample organisation, what runs there, and who is on call: a shop with four teams."""

from __future__ import annotations

from typing import Any

from oncall.definition import parse_definition
from oncall.models import Person
from oncall.services import (
    create_integration,
    create_person,
    save_policy,
    save_schedule,
    save_service,
    save_team,
)
from telemetry.models import AlertRule
from telemetry.panel_templates import save_panel_template

PASSWORD = "andon-demo-2026"  # noqa: S105 - of people who do not exist, printed at every start

PEOPLE = {
    "sam": ("Sam Reyes", "Europe/London", Person.Role.ADMINISTRATOR),
    "mara": ("Mara Weiss", "Europe/Berlin", Person.Role.VIEWER),
    "ana": ("Ana Duarte", "Europe/Lisbon", Person.Role.RESPONDER),
    "bo": ("Bo Lindqvist", "Europe/Stockholm", Person.Role.RESPONDER),
    "chidi": ("Chidi Okafor", "Europe/London", Person.Role.RESPONDER),
    "divya": ("Divya Rao", "Europe/London", Person.Role.RESPONDER),
    "emil": ("Emil Novák", "Europe/Prague", Person.Role.RESPONDER),
    "fatima": ("Fatima Haddad", "America/Chicago", Person.Role.RESPONDER),
    "gita": ("Gita Sharma", "Europe/London", Person.Role.RESPONDER),
    "hugo": ("Hugo Martin", "Europe/Paris", Person.Role.RESPONDER),
    "ines": ("Inês Costa", "Europe/Lisbon", Person.Role.RESPONDER),
    "jun": ("Jun Tanaka", "Europe/London", Person.Role.RESPONDER),
    "kemal": ("Kemal Aydın", "Europe/Istanbul", Person.Role.RESPONDER),
    "lucia": ("Lucia Romano", "America/Chicago", Person.Role.RESPONDER),
}

TEAMS = {
    "storefront": ("Storefront", "dev", ["ana", "bo", "chidi"]),
    "payments": ("Payments", "dev", ["divya", "emil", "fatima"]),
    "platform": ("Platform", "ops", ["gita", "hugo", "ines"]),
    "data": ("Data operations", "ops", ["jun", "kemal", "lucia"]),
}

SCHEDULES = {
    "storefront": ("Storefront", "Europe/London", {"dev": ["ana", "bo", "chidi"], "ops": ["gita", "hugo", "ines"]}),
    "payments": ("Payments", "Europe/London", {"dev": ["divya", "emil", "fatima"], "ops": ["ines", "gita", "hugo"]}),
    "data": ("Data", "America/Chicago", {"dev": ["chidi", "ana", "emil"], "ops": ["jun", "kemal", "lucia"]}),
}

SERVICES: list[dict[str, Any]] = [
    {
        "slug": "orders-db",
        "name": "Orders database",
        "description": "The PostgreSQL cluster that every order is written to.",
        "dev_team": "payments",
        "ops_team": "data",
        "stage": "ops-run",
        "tier": 1,
        "platform": "cluster-eu",
        "repositories": ["shop/orders-schema"],
        "schedule": "data",
        "panels": [("Connections", 'pg_stat_activity_count{datname="{service}"}', "connections")],
    },
    {
        "slug": "payments-gateway",
        "name": "Payments gateway",
        "description": "Talks to the banks. The only service that sees card numbers.",
        "dev_team": "payments",
        "ops_team": "platform",
        "stage": "dev-run",
        "tier": 1,
        "platform": "cluster-eu",
        "repositories": ["shop/payments-gateway"],
        "schedule": "payments",
        "panels": [("Refused payments", 'sum(rate(payments_refused_total{job="{service}"}[5m]))', "/s")],
    },
    {
        "slug": "checkout",
        "name": "Checkout",
        "description": "From the basket to a paid order.",
        "dev_team": "payments",
        "ops_team": "platform",
        "stage": "shared",
        "tier": 1,
        "platform": "cluster-eu",
        "repositories": ["shop/checkout"],
        "depends_on": ["payments-gateway", "orders-db"],
        "schedule": "payments",
        "panels": [
            ("Error share", 'job:http_errors:share{job="{service}"}', "%"),
            ("Latency p99", 'job:http_latency:p99{job="{service}"}', "ms"),
        ],
    },
    {
        "slug": "catalogue",
        "name": "Catalogue",
        "description": "What is for sale, and what it costs.",
        "dev_team": "storefront",
        "ops_team": "data",
        "stage": "shared",
        "tier": 2,
        "platform": "cluster-eu",
        "repositories": ["shop/catalogue"],
        "depends_on": ["orders-db"],
        "schedule": "data",
        "panels": [("Cache hits", 'job:cache_hits:share{job="{service}"}', "%")],
    },
    {
        "slug": "search",
        "name": "Search",
        "description": "Finds things in the catalogue.",
        "dev_team": "storefront",
        "ops_team": "data",
        "stage": "ops-run",
        "tier": 3,
        "platform": "cluster-us",
        "repositories": ["shop/search"],
        "depends_on": ["catalogue"],
        "schedule": "data",
        "panels": [("Queries", 'sum(rate(search_queries_total{job="{service}"}[5m]))', "/s")],
    },
    {
        "slug": "web-shop",
        "name": "Web shop",
        "description": "What customers see.",
        "dev_team": "storefront",
        "ops_team": "platform",
        "stage": "shared",
        "tier": 1,
        "platform": "cluster-eu",
        "repositories": ["shop/web-shop"],
        "depends_on": ["checkout", "catalogue", "search"],
        "schedule": "storefront",
        "panels": [
            ("Requests", 'sum(rate(http_requests_total{job="{service}"}[5m]))', "/s"),
            ("Latency p99", 'job:http_latency:p99{job="{service}"}', "ms"),
        ],
    },
]

ERRORS = '{app="{service}"} |= "level=error"'

SENDERS = [
    ("github", "GitHub", {f"shop/{service['slug']}": service["slug"] for service in SERVICES}),
    ("alertmanager", "Alertmanager", {}),
    ("event", "Feature flags", {}),
]


def email(key: str) -> str:
    return f"{key}@shop.example"


def found(monday: str) -> None:
    """Create all of it. `monday`: the date of the handoff at which every rotation began, as 2026-11-02."""
    for key, (name, zone, role) in PEOPLE.items():
        create_person(email=email(key), name=name, timezone=zone, role=role, password=PASSWORD)
    for slug, (name, discipline, members) in TEAMS.items():
        people = [email(key) for key in members]
        save_team(slug=slug, name=name, discipline=discipline, members=people, lead=people[0])
    for slug, (name, zone, seats) in SCHEDULES.items():
        save_schedule(slug=slug, name=name, definition=parse_definition(_weekly(zone, seats, monday)))
    _policies()
    for service in SERVICES:
        panels = [{"name": name, "query": query, "unit": unit} for name, query, unit in service["panels"]]
        policy = "both-sides" if service["stage"] == "shared" else ""
        row = save_service(**service | {"panels": panels, "policy": policy})
        AlertRule.objects.create(service=row, labels={"severity": "critical"}, incident_severity="sev2")
    for source, name, mapping in SENDERS:
        create_integration(source=source, name=name, mapping=mapping)
    administrator = Person.objects.get(email=email("sam"))
    save_panel_template(name="Errors in the log", source="loki", query=ERRORS, position=9, by=administrator)


def _weekly(zone: str, seats: dict[str, list[str]], monday: str) -> dict[str, Any]:
    return {
        "timezone": zone,
        "seats": [
            {
                "name": seat,
                "layers": [
                    {
                        "kind": "weekly",
                        "every": 1,
                        "start": f"{monday}T09:00",
                        "participants": [[email(key)] for key in people],
                    }
                ],
            }
            for seat, people in seats.items()
        ],
    }


def _policies() -> None:
    both = [{"kind": "seat", "seat": "dev"}, {"kind": "seat", "seat": "ops"}]
    leads = [
        {"kind": "team_lead", "team": "payments", "seat": "dev"},
        {"kind": "team_lead", "team": "platform", "seat": "ops"},
    ]
    everybody = [{"kind": "channel", "address": "#general"}]
    steps = [{"delay": 5, "targets": both}, {"delay": 10, "targets": leads}, {"delay": 10, "targets": everybody}]
    save_policy(slug="both-sides", name="Both sides at once, then the leads", steps=steps)
