"""Public ids: `C-2013-0007` – kind, year it is about, and a number that is given out once."""

from __future__ import annotations

from sojourn.web.registry.models import Entry, Serial


def next_id(kind: type[Entry], year: int) -> str:
    """Give the next id of a kind and year. Two writers never get the same: the row of the serial is locked.

    Args:
        kind: model of the record.
        year: the year that it is about.
    """
    serial, _ = Serial.objects.select_for_update().get_or_create(prefix=kind.PREFIX, year=year)
    serial.last += 1
    serial.save(update_fields=["last"])
    return f"{kind.PREFIX}-{year:04d}-{serial.last:04d}"
