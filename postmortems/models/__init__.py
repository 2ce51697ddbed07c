"""Post-mortems, actions, problem records and knowledge records."""

from postmortems.models.actions import Action
from postmortems.models.imports import Import
from postmortems.models.improvement import ImprovementTime
from postmortems.models.knowledge import Article, ArticleUse
from postmortems.models.moments import OwnMoment
from postmortems.models.people import InterviewNote, Invitation, Presence, Reading, Subscription
from postmortems.models.postmortem import (
    CuratedEntry,
    Exemption,
    Factor,
    FactorFinding,
    Postmortem,
    Review,
)
from postmortems.models.problems import Problem, SuggestionDismissal
from postmortems.models.rituals import Exercise, ExerciseNote, OfTheMonth, ReadingSession
from postmortems.models.sections import Comment, Dismissal, Image, Section, SectionRevision
from postmortems.models.templates import RequiredTemplate, Template, TemplateSection
from postmortems.models.trackers import ExternalIssue, Tracker

__all__ = [
    "Action",
    "Article",
    "ArticleUse",
    "Comment",
    "CuratedEntry",
    "Dismissal",
    "Exemption",
    "Exercise",
    "ExerciseNote",
    "ExternalIssue",
    "Factor",
    "FactorFinding",
    "Image",
    "Import",
    "ImprovementTime",
    "InterviewNote",
    "Invitation",
    "OfTheMonth",
    "OwnMoment",
    "Postmortem",
    "Presence",
    "Problem",
    "Reading",
    "ReadingSession",
    "RequiredTemplate",
    "Review",
    "Section",
    "SectionRevision",
    "Subscription",
    "SuggestionDismissal",
    "Template",
    "TemplateSection",
    "Tracker",
]
