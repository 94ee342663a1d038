-- What sources say of the same event where they are several, and what somebody decided between them.
-- Times are seconds since 1970 (UTC).

-- What a source says of an event that was last taken from another one. What that other one says stands with the event.
CREATE TABLE claims (
  event     TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
  -- The calendar's or file's name.
  source    TEXT NOT NULL CHECK (source <> ''),
  facts     TEXT NOT NULL,
  -- Since when it says so.
  read_at   INTEGER NOT NULL,
  -- What it said of dates, place and mode when somebody decided that another source is right: that is not asked again.
  overruled TEXT,
  PRIMARY KEY (event, source)
) STRICT, WITHOUT ROWID;

-- Who decided which source is right, when and why. Each stays.
CREATE TABLE source_choices (
  id       INTEGER PRIMARY KEY AUTOINCREMENT,
  event    TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
  chosen   TEXT NOT NULL CHECK (chosen <> ''),
  by_name  TEXT NOT NULL,
  by_email TEXT,
  at       INTEGER NOT NULL,
  reason   TEXT NOT NULL CHECK (reason <> '')
) STRICT;
CREATE INDEX source_choices_by_event ON source_choices (event, id);

-- Events are judged by what their sources say: whoever keeps the calendar in memory is told.
CREATE TRIGGER claims_added AFTER INSERT ON claims BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;
CREATE TRIGGER claims_changed AFTER UPDATE ON claims BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;
CREATE TRIGGER claims_removed AFTER DELETE ON claims BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;
