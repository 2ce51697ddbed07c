"""The Web API methods the practice workspace knows; importing this package fills the table."""

from . import chat, conversations, marks, people, views
from .registry import METHODS, Method

__all__ = ["METHODS", "Method", "chat", "conversations", "marks", "people", "views"]
