"""Reads letters with invitations with email and icalendar; prints what they understood as JSON.

usage: read_invitation.py LETTER...   (snapshots: what stands before the letter is skipped)
"""

import base64
import email
import email.policy
import json
import pathlib
import sys

import icalendar


def main() -> None:
    print(json.dumps([told(pathlib.Path(name).read_text(encoding="utf-8")) for name in sys.argv[1:]]))


def told(snapshot: str) -> dict:
    raw = snapshot.split("\n---\n", 1)[1].replace("\n", "\r\n").encode()
    letter = email.message_from_bytes(raw, policy=email.policy.default)
    part = next(one for one in letter.walk() if one.get_content_type() == "text/calendar")
    file = next(one for one in letter.walk() if one.get_content_type() == "application/ics")
    text = part.get_payload(decode=True)
    calendar = icalendar.Calendar.from_ical(text)
    (event,) = calendar.walk("VEVENT")
    attendees = event["ATTENDEE"] if isinstance(event["ATTENDEE"], list) else [event["ATTENDEE"]]
    return {
        "shape": [one.get_content_type() for one in letter.walk()],
        "mime_method": part.get_param("method"),
        "component": part.get_param("component"),
        "charset": part.get_param("charset"),
        "disposition": part.get("Content-Disposition"),
        "same_file": text.strip() == file.get_payload(decode=True).strip(),
        "method": str(calendar["METHOD"]),
        "uid": str(event["UID"]),
        "sequence": int(event["SEQUENCE"]),
        "status": str(event["STATUS"]),
        "start": event.decoded("DTSTART").isoformat(),
        "organizer": str(event["ORGANIZER"]).lower(),
        "from": f"mailto:{letter['From'].addresses[0].addr_spec}",
        "attendees": [str(one).lower() for one in attendees],
        "to": f"mailto:{letter['To'].addresses[0].addr_spec}",
        "errors": [str(error) for component in calendar.walk() for error in component.errors],
        "text": base64.b64encode(text).decode(),
    }


if __name__ == "__main__":
    main()
