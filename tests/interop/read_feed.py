"""Reads a feed with icalendar and recurring-ical-events; prints what they understood as JSON.

usage: read_feed.py FEED.ics
"""

import datetime
import json
import pathlib
import sys
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events
import x_wr_timezone

UTC = datetime.timezone.utc


def main() -> None:
    raw = pathlib.Path(sys.argv[1]).read_bytes()
    calendar = icalendar.Calendar.from_ical(raw)
    entries = calendar.walk("VEVENT")
    occurrences = recurring_ical_events.of(calendar).between((2017, 1, 1), (2031, 1, 1))
    standard = x_wr_timezone.to_standard(icalendar.Calendar.from_ical(raw)).walk("VEVENT")
    print(
        json.dumps(
            {
                "entries": [told(entry) for entry in entries],
                "occurrences": len(occurrences),
                "faults": [
                    *wire_faults(raw),
                    *zone_faults(calendar, entries),
                    *entry_faults(calendar, entries),
                    *([] if [told(one) for one in standard] == [told(one) for one in entries] else ["X-WR-TIMEZONE moves something"]),
                ],
            }
        )
    )


def told(entry: icalendar.Event) -> dict:
    start, end = entry["DTSTART"].dt, entry["DTEND"].dt if "DTEND" in entry else None
    if isinstance(start, datetime.datetime):
        days = [start.date(), end and (end - datetime.timedelta(seconds=1)).date()]
        instants = [start.astimezone(UTC), end and end.astimezone(UTC)]
    else:
        days, instants = [start, end and end - datetime.timedelta(days=1)], []
    return {
        "title": str(entry["SUMMARY"]),
        "uid": str(entry["UID"]),
        "zone": entry["DTSTART"].params.get("TZID"),
        "days": [day and day.isoformat() for day in days],
        "instants": [at and at.strftime("%Y-%m-%dT%H:%M:%SZ") for at in instants],
        "status": str(entry.get("STATUS", "")),
        "text": str(entry.get("DESCRIPTION", "")),
    }


def wire_faults(raw: bytes) -> list[str]:
    lines = raw.split(b"\r\n")
    faults = [f"line {number} has {len(line)} octets" for number, line in enumerate(lines, 1) if len(line) > 75]
    if raw.count(b"\n") != len(lines) - 1 or lines[-1]:
        faults.append("a line that does not end in CRLF")
    for number, line in enumerate(lines, 1):
        try:
            line.decode()
        except UnicodeDecodeError:
            faults.append(f"line {number} splits a character")
    return faults


def zone_faults(calendar: icalendar.Calendar, entries: list) -> list[str]:
    """Each zone is described, and its description says what the zone's own rules say."""
    described = {str(zone["TZID"]): zone for zone in calendar.walk("VTIMEZONE")}
    faults = []
    for entry in entries:
        start, name = entry["DTSTART"].dt, entry["DTSTART"].params.get("TZID")
        if name is None:
            if isinstance(start, datetime.datetime) and start.tzinfo is None:
                faults.append(f"{entry['UID']} floats")
        elif name not in described:
            faults.append(f"{name} has no VTIMEZONE")
        else:
            wall = start.replace(tzinfo=None)
            by_file = wall.replace(tzinfo=described[name].to_tz(lookup_tzid=False)).utcoffset()
            if by_file != wall.replace(tzinfo=ZoneInfo(name)).utcoffset():
                faults.append(f"{name} is {by_file} from UTC at {wall} by its VTIMEZONE")
    return faults


def entry_faults(calendar: icalendar.Calendar, entries: list) -> list[str]:
    faults = [f"{part.name}: {error}" for part in calendar.walk() for error in part.errors]
    uids = [str(entry["UID"]) for entry in entries]
    faults += [f"{uid} comes twice" for uid in sorted(set(uids)) if uids.count(uid) > 1]
    for entry in entries:
        faults += [f"{entry['UID']} has no {name}" for name in ("DTSTAMP", "SUMMARY", "STATUS", "SEQUENCE") if name not in entry]
    return faults


main()
