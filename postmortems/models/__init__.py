"""Post-mortems, actions, problem records and knowledge records."""

from postmortems.models.actions import Action
from postmortems.models.knowledge import Article, ArticleUse
from postmortems.models.postmortem import (
    CuratedEntry,
    Exemption,
    Factor,
    FactorFinding,
    Postmortem,
    Review,
)
from postmortems.models.problems import Problem
from postmortems.models.sections import Dismissal, Section, SectionRevision
from postmortems.models.templates import Template, TemplateSection

__all__ = [
    "Action",
    "Article",
    "ArticleUse",
    "CuratedEntry",
    "Dismissal",
    "Exemption",
    "Factor",
    "FactorFinding",
    "Postmortem",
    "Problem",
    "Review",
    "Section",
    "SectionRevision",
    "Template",
    "TemplateSection",
]
