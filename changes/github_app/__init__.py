"""Deployments on GitHub that wait for our gate (custom deployment protection rules), answered as a GitHub App.

A request comes in by webhook (`requests`), the gate decides, and `answering` tells GitHub: approved, rejected, or,
while somebody is to authorise it, a comment alone. https://docs.github.com/actions/deployment/protecting-deployments
"""

from changes.github_app.answering import answer_due, waiting
from changes.github_app.requests import take

__all__ = ["answer_due", "take", "waiting"]
