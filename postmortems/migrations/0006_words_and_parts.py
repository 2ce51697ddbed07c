"""So that records are found by exact words too, by parts of words and by what is spelt alike; made while people write.

The indexes of the version before go last.
"""

from functools import reduce
from operator import add

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.contrib.postgres.search import SearchVector
from django.db import migrations
from django.db.models.functions import Upper

WORDS = {
    "action": {"A": ["title"]},
    "article": {"A": ["title"], "B": ["issue"], "C": ["environment"], "D": ["resolution", "cause"]},
    "postmortem": {"A": ["title"]},
    "problem": {"A": ["title"], "B": ["symptoms"], "C": ["statement"], "D": ["workaround", "cause_notes"]},
    "section": {"D": ["body"]},
}
PARTS = {
    "article": ["title", "issue"],
    "postmortem": ["title"],
    "problem": ["title", "symptoms"],
    "section": ["body"],
}


def words(model):
    vectors = [
        SearchVector(*fields, weight=weight, config=config)
        for weight, fields in WORDS[model].items()
        for config in ("english", "simple")
    ]
    return AddIndexConcurrently(model, GinIndex(reduce(add, vectors), name=f"{model}_all_words"))


def parts(model):
    expressions = [OpClass(Upper(field), name="gin_trgm_ops") for field in PARTS[model]]
    return AddIndexConcurrently(model, GinIndex(*expressions, name=f"{model}_parts"))


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("incidents", "0003_words_and_parts"), ("postmortems", "0005_reminded_on_and_tracker_tests")]

    operations = [
        *map(words, WORDS),
        *map(parts, PARTS),
        *(RemoveIndexConcurrently(model, f"{model}_words") for model in WORDS),
    ]
