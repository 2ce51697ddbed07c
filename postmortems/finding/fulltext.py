"""What full-text search reads of each record (see notifications/fulltext.py)."""

from incidents.fulltext import INCIDENT
from notifications.fulltext import vector

POSTMORTEM = vector(A="title")
SECTION = vector(D="body")
PROBLEM = vector(A="title", B="symptoms", C="statement", D=("workaround", "cause_notes"))
ARTICLE = vector(A="title", B="issue", C="environment", D=("resolution", "cause"))
ACTION = vector(A="title")
SERVICE = vector(A="name", B="description")
CHANGE = vector(A="description")

__all__ = ["ACTION", "ARTICLE", "CHANGE", "INCIDENT", "POSTMORTEM", "PROBLEM", "SECTION", "SERVICE"]
