"""The practice workspace: a real HTTP server that behaves like Slack's Web API where Andon uses it.

Tests drive it and the demo shows it. It knows nothing of Django, and production settings refuse to start it.
"""

from .limits import Limits
from .page import Shortcut
from .practice import PracticeSlack
from .sender import Reply
from .validate import block_problems, view_problems

__all__ = ["Limits", "PracticeSlack", "Reply", "Shortcut", "block_problems", "view_problems"]
