"""A small GitHub: it knows one App by its public key, sells tokens, and takes answers for deployments that wait."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.serving import Quiet, serving

APP_ID = "4711"
_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PRIVATE_KEY = _KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
).decode()
LONGEST_LIFE = timedelta(minutes=10)


class GitHub:
    """`answers` are (path, body) that it accepted; `troubles` (status, headers) are what the next ones meet with."""

    def __init__(self) -> None:
        self.url = ""
        self.answers: list[tuple[str, dict[str, Any]]] = []
        self.troubles: list[tuple[int, dict[str, str]]] = []
        self.sold: list[str] = []
        self.revoked: set[str] = set()
        self.life = timedelta(hours=1)
        self.zone = "Z"

    def callback(self, run: int = 7, repository: str = "acme/checkout") -> str:
        return f"{self.url}/repos/{repository}/actions/runs/{run}/deployment_protection_rule"

    def answer(self, path: str, authorization: str, body: bytes) -> tuple[int, dict[str, str], object]:
        """Status, headers and JSON."""
        kind, _, token = authorization.partition(" ")
        if kind != "Bearer":
            return 401, {}, {"message": "Requires authentication"}
        if path.startswith("/app/installations/"):
            return self._sell(path, token)
        if token not in self.sold or token in self.revoked:
            return 401, {}, {"message": "Bad credentials"}
        if self.troubles:
            status, headers = self.troubles.pop(0)
            return status, headers, {"message": f"trouble {status}"}
        self.answers.append((path, json.loads(body)))
        return 204, {}, None

    def _sell(self, path: str, token: str) -> tuple[int, dict[str, str], object]:
        try:
            claims = jwt.decode(
                token, _KEY.public_key(), algorithms=["RS256"], options={"require": ["iat", "exp", "iss"]}
            )
        except jwt.PyJWTError as error:
            return 401, {}, {"message": str(error)}
        issued, ends = (datetime.fromtimestamp(claims[name], UTC) for name in ("iat", "exp"))
        if claims["iss"] != APP_ID or ends - datetime.now(UTC) > LONGEST_LIFE or issued > datetime.now(UTC):
            return 401, {}, {"message": "'Expiration time' claim ('exp') is too far in the future"}
        self.sold.append(f"ghs_{len(self.sold)}")
        ends = datetime.now(UTC) + self.life
        return 201, {}, {"token": self.sold[-1], "expires_at": f"{ends:%Y-%m-%dT%H:%M:%S}{self.zone}"}


@contextmanager
def running() -> Iterator[GitHub]:
    github = GitHub()

    class Handler(Quiet):
        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, headers, told = github.answer(self.path, self.headers.get("Authorization", ""), sent)
            body = b"" if told is None else json.dumps(told).encode()
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

    with serving(Handler) as github.url:
        yield github
