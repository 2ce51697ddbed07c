"""One call of the Web API: log, faults, token, scope, rate limit, then the method."""

import hmac
import threading
from collections.abc import Collection

from .errors import HttpFailure, Json, SlackError
from .faults import Call, Faults
from .limits import Buckets, Limits
from .methods import METHODS, Method
from .workspace import Workspace


class WebApi:
    """`scopes` granted to the token: None grants all. `limits` None switches rate limits off."""

    def __init__(
        self,
        workspace: Workspace,
        *,
        token: str,
        scopes: Collection[str] | None,
        limits: Limits | None,
        stopping: threading.Event,
    ) -> None:
        self.workspace = workspace
        self.token = token
        self.scopes = scopes
        self.limits = limits
        self.faults = Faults()
        self.calls: list[Call] = []
        self._buckets = Buckets(workspace.clock)
        self._stopping = stopping

    def call(self, name: str, args: Json, token: str | None) -> Json:
        """The answer of a method. Raises HttpFailure for what is no API answer: 429 and chosen faults."""
        outcome = "ok"
        at = self.workspace.clock()
        try:
            return {"ok": True, **self._answer(name, args, token)}
        except SlackError as refusal:
            outcome = refusal.code
            return refusal.answer()
        except HttpFailure as failure:
            outcome = f"http {failure.status}"
            raise
        finally:
            self.calls.append(Call(name, args, at, outcome))

    def _answer(self, name: str, args: Json, token: str | None) -> Json:
        fault = self.faults.take(name)
        if fault:
            fault.strike(self._stopping)
        method = METHODS.get(name)
        if method is None:
            raise SlackError("unknown_method", req_method=name)
        self._authorise(method, token)
        self._limit(name, method, args)
        return method.handle(self.workspace, args)

    def _authorise(self, method: Method, token: str | None) -> None:
        if not token:
            raise SlackError("not_authed")
        if not hmac.compare_digest(token.encode(), self.token.encode()):
            raise SlackError("invalid_auth")
        if method.scopes and self.scopes is not None and not set(method.scopes) & set(self.scopes):
            needed, provided = ",".join(method.scopes), ",".join(sorted(self.scopes))
            raise SlackError("missing_scope", needed=needed, provided=provided)

    def _limit(self, name: str, method: Method, args: Json) -> None:
        if self.limits is None:
            return
        if method.tier is None:
            self._buckets.take(
                f"{name} {args.get('channel')}",
                capacity=self.limits.message_burst,
                per_second=self.limits.messages,
            )
        else:
            calls = self.limits.tiers[method.tier]
            self._buckets.take(name, capacity=calls, per_second=calls / 60)
