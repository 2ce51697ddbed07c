"""Block Kit builders: pure functions from plain data to (fallback text, blocks), or to a view."""

from .answers import done, error_answer, help_text
from .bundle import BundleFacts, ListedPage, bundle_message
from .incident import (
    IncidentFacts,
    announcement,
    incident_list,
    resolution,
    stakeholder_update,
    topic,
)
from .modals import declaration, submitted, words_form
from .oncall import SeatFacts, ServiceOnCall, oncall_answer
from .page import PageFacts, page_acknowledged, page_escalated, page_message, page_resolved
from .seen import SeenFacts, known_errors, seen
from .text import Block, Message, Person, clip, escape

__all__ = [
    "Block",
    "BundleFacts",
    "IncidentFacts",
    "ListedPage",
    "Message",
    "PageFacts",
    "Person",
    "SeatFacts",
    "SeenFacts",
    "ServiceOnCall",
    "announcement",
    "bundle_message",
    "clip",
    "declaration",
    "done",
    "error_answer",
    "escape",
    "help_text",
    "incident_list",
    "known_errors",
    "oncall_answer",
    "page_acknowledged",
    "page_escalated",
    "page_message",
    "page_resolved",
    "resolution",
    "seen",
    "stakeholder_update",
    "submitted",
    "topic",
    "words_form",
]
