"""verify.py NAME RECORD FILE...: says of each signed letter whether dkimpy accepts it, one word a line."""

import sys

import dkim

name, record, *files = sys.argv[1:]


def dns(asked, timeout=5):
    return record.encode() if asked.decode().rstrip(".") == name else None


for file in files:
    with open(file, "rb") as letter:
        print("valid" if dkim.verify(letter.read(), dnsfunc=dns) else "invalid")
