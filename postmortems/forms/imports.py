"""Choosing a file to import."""

from __future__ import annotations

from django import forms


class ImportForm(forms.Form):
    file = forms.FileField(
        label="File",
        help_text="JSON lines in UTF-8, 25 MB at most: one object a line, with a title and, as far as known, times, "
        "services, text, keywords and a link.",
        widget=forms.FileInput({"accept": ".jsonl,.ndjson,.json,.txt"}),
    )
    strict = forms.BooleanField(
        required=False,
        label="Refuse lines with times that cannot be used",
        help_text="Otherwise the write-up is kept without them, and without an incident.",
    )
    create_services = forms.BooleanField(
        required=False,
        label="Make the services that nobody knows",
        help_text="Otherwise their names are kept as keywords.",
    )
