"""So that incidents are found by words, by parts of words and by what is spelt alike; made while incidents go on."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.operations import AddIndexConcurrently, TrigramExtension
from django.contrib.postgres.search import SearchVector
from django.db import migrations
from django.db.models.functions import Upper

WORDS = (
    SearchVector("title", weight="A", config="english")
    + SearchVector("title", weight="A", config="simple")
    + SearchVector("summary", weight="B", config="english")
    + SearchVector("summary", weight="B", config="simple")
)
PARTS = (OpClass(Upper("title"), name="gin_trgm_ops"), OpClass(Upper("summary"), name="gin_trgm_ops"))


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("incidents", "0002_imported")]

    operations = [
        TrigramExtension(),
        AddIndexConcurrently("incident", GinIndex(WORDS, name="incident_words")),
        AddIndexConcurrently("incident", GinIndex(*PARTS, name="incident_parts")),
    ]
