-- When large convenings usually are: an expectation, never a fact; the whole table is replaced when the data ships anew (meta 'patterns').
CREATE TABLE patterns (
  position INTEGER PRIMARY KEY,
  body     TEXT NOT NULL
) STRICT;

-- What is public of a partner by its name: is this year's convening of a pattern announced?
CREATE INDEX events_by_partner ON events (partner, status, title);

-- What each source last said of an event's days, hours and place: they may differ.
CREATE TABLE claims (
  event    TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
  -- What the source is called: an upstream calendar's name, a file's.
  source   TEXT NOT NULL,
  -- When it was read last, and since when it says so.
  read_at  INTEGER NOT NULL,
  since    INTEGER NOT NULL,
  -- All that it said, and of that when and where, as JSON.
  facts    TEXT NOT NULL,
  says     TEXT NOT NULL,
  PRIMARY KEY (event, source)
) STRICT, WITHOUT ROWID;

-- Whose word somebody took where sources differ; holds until one of them says something else.
CREATE TABLE choices (
  event    TEXT PRIMARY KEY REFERENCES events (id) ON DELETE CASCADE,
  source   TEXT NOT NULL,
  by_name  TEXT NOT NULL,
  by_email TEXT NOT NULL,
  at       INTEGER NOT NULL,
  reason   TEXT
) STRICT, WITHOUT ROWID;
