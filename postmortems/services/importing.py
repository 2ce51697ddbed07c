"""Importing write-ups, a file at a time: taken in at once, then worked through in batches that survive being killed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from time import monotonic, sleep

from django.db import DataError, IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify

from notifications import live
from notifications.errors import InvalidInput
from oncall.catalogue import find_services
from oncall.models import Person, Service
from oncall.permissions import require_administrator
from oncall.services import save_service
from postmortems.importing import Read, Record, Remark, numbered, read_file, read_line
from postmortems.models import Import, Postmortem
from postmortems.services.common import LIST
from postmortems.services.write_ups import Shelf

LARGEST = 25 * 1024 * 1024
MOST_REMARKS = 5_000
BATCH_SECONDS = 0.2
"""A batch ends after so long: it holds the counters of numbers, and somebody may want to declare an incident."""


@transaction.atomic
def start_import(
    *, name: str, raw: bytes, by: Person | None, strict: bool = False, create_services: bool = False
) -> Import:
    """Take in a file of JSON lines; the scheduler works through it. Raises InvalidInput for an empty or a huge one."""
    require_administrator(by)
    if len(raw) > LARGEST:
        raise InvalidInput(
            file=f"The file has {len(raw) / 1024**2:.0f} MB, and {LARGEST // 1024**2} MB are taken: divide it."
        )
    text, remarks = read_file(raw)
    total = len(numbered(text))
    if not total:
        raise InvalidInput(file="There is no line in it: give a file with one JSON object a line.")
    return Import.objects.create(
        name=read_file(name.encode(errors="replace"))[0][:200] or "lines",
        content=text,
        by=by,
        total=total,
        strict=strict,
        create_services=create_services,
        remarks=[one.as_json() for one in remarks[:MOST_REMARKS]],
    )


def work_due() -> int:
    """Work through every import that is not finished (config/upkeep.py); returns how many batches were done."""
    return sum(work_through(one.pk) for one in Import.objects.exclude(state=Import.State.FINISHED).only("pk"))


def work_through(pk: int, watch: Callable[[Import], None] | None = None) -> int:
    """Bring an import to its end, in turns with whoever else works at it; returns how many batches were done here.

    Without `watch` it leaves an import alone at which another works. With it, it stays until the import is finished,
    and calls it after every batch.
    """
    batches, run = 0, Run(Import.objects.get(pk=pk))
    while True:
        done = run.batch()
        batches += done
        now = Import.objects.defer("content").get(pk=pk)
        if watch:
            watch(now)
        if now.state == Import.State.FINISHED or not (done or watch):
            return batches
        if not done:
            sleep(0.1)


class Run:
    """One file that is being worked through: how far it has come stands in its row, so that any process may go on."""

    def __init__(self, row: Import) -> None:
        self.row = row
        self.lines = numbered(row.content)
        self.shelf = Shelf(row.by)
        self._reads: list[Read] = []
        self._seen: dict[str, int] = {}
        self._unknown: set[str] = set()

    def batch(self) -> bool:
        """Do some lines in one transaction; False where there are none, or another process is at it."""
        with transaction.atomic():
            rows = Import.objects.select_for_update(skip_locked=True, of=("self",)).defer("content")
            row = rows.filter(pk=self.row.pk).exclude(state=Import.State.FINISHED).first()
            if row is None:
                return False
            until = monotonic() + BATCH_SECONDS
            while row.position < row.total:
                self._do(row, row.position)
                row.position += 1
                if monotonic() >= until:
                    break
            self._keep(row)
        return True

    def _keep(self, row: Import) -> None:
        row.state = Import.State.RUNNING
        fields = ["state", "position", "created", "unchanged", "refused", "remarks"]
        if row.position >= row.total:
            row.state, row.finished_at, row.content = Import.State.FINISHED, timezone.now(), ""
            fields += ["finished_at", "content"]
        row.save(update_fields=fields)
        live.publish(topic(row), LIST)

    def _do(self, row: Import, index: int) -> None:
        read = self._read(index)
        remarks = list(read.remarks)
        outcome = self._outcome(row, read.record, remarks) if read.record else "refused"
        setattr(row, outcome, getattr(row, outcome) + 1)
        row.remarks += [one.as_json() for one in remarks[: max(MOST_REMARKS - len(row.remarks), 0)]]

    def _outcome(self, row: Import, record: Record, remarks: list[Remark]) -> str:
        """Keep it; which count it adds to. What another import does at the same moment is done once."""
        if self._known(record):
            return "unchanged"
        services, unknown = self._services(row, record, remarks)
        try:
            self.shelf.put(record, services, unknown)
        except IntegrityError:
            if not self._known(record):
                raise
            return "unchanged"
        except (DataError, InvalidInput) as refusal:
            remarks.append(
                Remark(record.line, "", f"This could not be kept: {refusal}", record.title[:80], refused=True)
            )
            return "refused"
        return "created"

    def _read(self, index: int) -> Read:
        """The line as it is understood among those before it, which are read first where another process did them."""
        while len(self._reads) <= index:
            number, text = self.lines[len(self._reads)]
            now = self.row.at + timedelta(minutes=1)
            self._reads.append(self._among(read_line(text, number, now=now, strict=self.row.strict), number))
        return self._reads[index]

    def _among(self, read: Read, line: int) -> Read:
        remarks = list(read.remarks)
        for key in read.unknown:
            if key not in self._unknown:
                self._unknown.add(key)
                remarks.append(Remark(line, key, "A key that is not known here: left out, wherever it stands."))
        if read.record and (first := self._seen.setdefault(read.record.key, line)) != line:
            remarks.append(Remark(line, "", f"The same as line {first}: kept once.", read.record.title[:80]))
        return Read(read.record, tuple(remarks), read.unknown)

    def _known(self, record: Record) -> bool:
        return Postmortem.objects.filter(import_key=record.key).exists()

    def _services(self, row: Import, record: Record, remarks: list[Remark]) -> tuple[Sequence[Service], list[str]]:
        """Those that are known, or made where that was asked for; and the names that are neither."""
        found: dict[int, Service] = {}
        unknown: list[str] = []
        known = find_services([{"name": name} for name in record.services])
        for name, match in zip(record.services, known, strict=True):
            service = match or (self._made(name, record.line, remarks) if row.create_services else None)
            if service:
                found[service.pk] = service
                continue
            unknown.append(name)
            told = any(one["field"] == "services" and one["value"] == name for one in row.remarks)
            if not (told or row.create_services):
                text = (
                    "No service has this name: kept as a keyword, wherever it stands. Make it first, or ask for that."
                )
                remarks.append(Remark(record.line, "services", text, name))
        return list(found.values()), unknown

    def _made(self, name: str, line: int, remarks: list[Remark]) -> Service | None:
        try:
            return save_service(slug=slugify(name)[:60].strip("-"), name=name)
        except InvalidInput as refusal:
            remarks.append(Remark(line, "services", f"No service could be made of this: {refusal}", name))
            return None


def topic(row: Import) -> str:
    """The live topic of an import."""
    return f"import:{row.pk}"
