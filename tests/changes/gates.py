"""An organisation with a gate: a service, people of both sides, and questions."""

from changes.gate import Question, check
from tests.factories import AdministratorFactory, MembershipFactory, PersonFactory, ServiceFactory, TeamFactory


class Shop:
    """Checkout, which depends on payments; Ana and Bo build it, Oli runs it, Sam is of Security."""

    def __init__(self):
        self.dev, self.ops = TeamFactory(slug="shop", name="Shop", discipline="dev"), None
        self.ops = TeamFactory(slug="platform", name="Platform", discipline="ops")
        self.security = TeamFactory(slug="security", name="Security", discipline="security")
        self.ana, self.bo = self.person("Ana Ng", "ana", self.dev), self.person("Bo Li", "bo", self.dev)
        self.oli, self.sam = self.person("Oli Ek", "oli", self.ops), self.person("Sam Yo", "sam", self.security)
        self.admin = AdministratorFactory(name="Ad Min", email="admin@example.com")
        self.payments = ServiceFactory(slug="payments", name="Payments")
        self.checkout = ServiceFactory(
            slug="checkout", name="Checkout", dev_team=self.dev, ops_team=self.ops, repositories=["acme/checkout"]
        )
        self.checkout.depends_on.add(self.payments)

    def person(self, name, short, team):
        person = PersonFactory(name=name, email=f"{short}@example.com")
        MembershipFactory(team=team, person=person)
        return person

    def ask(self, by=None, **question):
        """Ana asks for a deploy of checkout to production, unless told otherwise."""
        asked = {"service": "checkout", "environment": "production", "revision": "4f2a1c9"} | question
        return check(question=Question(**asked), by=by or self.ana)
