"""What a built-in template is made of."""

from dataclasses import dataclass


@dataclass(frozen=True)
class BuiltinSection:
    """One section: its canonical key, so that trends survive the choice of template, and what it asks."""

    key: str
    title: str
    questions: tuple[str, ...]


@dataclass(frozen=True)
class BuiltinTemplate:
    slug: str
    name: str
    description: str
    sections: tuple[BuiltinSection, ...]
