"""Questions to the gate, with the fewest words that make them."""

from datetime import UTC, datetime, timedelta

from changes.gate.facts import (
    Facts,
    FreezeFacts,
    GuardFacts,
    OpenIncident,
    ServiceFacts,
    Someone,
    TeamFacts,
    TemplateFacts,
    Verdict,
)
from changes.gate.question import Question

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)  # a Friday
SECURITY = TeamFacts(slug="security", name="Security")
SHOP, PLATFORM = TeamFacts(slug="shop", name="Shop"), TeamFacts(slug="platform", name="Platform")
ANA = Someone(id=1, name="Ana", sides=frozenset({"dev"}), teams=frozenset({"shop"}))
BO = Someone(id=2, name="Bo", sides=frozenset({"dev"}), teams=frozenset({"shop"}))
OLI = Someone(id=3, name="Oli", sides=frozenset({"ops"}), teams=frozenset({"platform"}))
SEC = Someone(id=4, name="Sec", teams=frozenset({"security"}))
CHECKOUT = ServiceFacts(id=7, slug="checkout", name="Checkout", teams={"dev": SHOP, "ops": PLATFORM})

FREEZE = FreezeFacts(
    id=1,
    name="Black Friday",
    timezone="Europe/Berlin",
    start=NOW - timedelta(days=1),
    end=datetime(2026, 11, 30, 7, 0, tzinfo=UTC),
    environment="production",
)
GUARD = GuardFacts(name="Sign-in", paths=("auth/",), team=SECURITY)
TEMPLATE = TemplateFacts(id=1, name="Checkout deploys", service=7, environment="production", kind="deploy")
SEV1 = OpenIncident(number=42, severity="sev1", on=("payments",), blocks=True)


def facts(*, service=CHECKOUT, **known):
    """A deploy of checkout to production by Ana of Dev, of which nothing else is known."""
    asked = {name: known.pop(name) for name in list(known) if name in Question.__dataclass_fields__}
    environment = asked.get("environment", "production")
    if "paths" in asked:
        known["paths"] = asked["paths"]
    question = Question(**{"service": "checkout", "revision": "4f2a1c", "actor": "ana"} | asked)
    open_environments = ("staging*", "test*")
    given = {"author": ANA, "asker": ANA, "open_environments": open_environments} | known
    return Facts(question=question, now=NOW, service=service, environment=environment, **given)


def said(kind, by, why=""):
    return Verdict(kind=kind, by=by, why=why)
