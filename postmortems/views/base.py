"""What every page here needs: the object or 404, and a page of a list."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from oncall.requests import Request
from postmortems.models import Article, Postmortem, Problem

PAGE_SIZE = 50


def postmortem_or_404(request: Request, number: int) -> Postmortem:
    rows = Postmortem.objects.visible_to(request.user).select_related("template", "facilitator")
    return get_object_or_404(rows, number=number)


def problem_or_404(request: Request, number: int) -> Problem:
    return get_object_or_404(Problem.objects.visible_to(request.user), number=number)


def article_or_404(request: Request, number: int) -> Article:
    return get_object_or_404(Article.objects.visible_to(request.user), number=number)


def number_in(text: str) -> int:
    """A number as a form sends it; 0, which is nobody's, for anything else."""
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def page_of(request: Request, rows: QuerySet[Any]) -> Page[Any]:
    """The page of these rows that was asked for."""
    return Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
