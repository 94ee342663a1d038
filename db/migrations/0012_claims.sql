-- What sources say of the same event where they are several, and what somebody decided between them; rows of a reading
-- that wait for a yes or no. Times are seconds since 1970 (UTC).

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

-- Doubtful rows of a reading that nobody looked at: held until somebody of the partner says yes or no.
CREATE TABLE held_rows (
  source      INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
  uid         TEXT NOT NULL CHECK (uid <> ''),
  -- What it says, so that the same is not asked again.
  facts       TEXT NOT NULL,
  sequence    INTEGER NOT NULL,
  -- Why, as an array of sentences.
  doubts      TEXT NOT NULL,
  -- The event that it would change.
  event       TEXT REFERENCES events (id) ON DELETE CASCADE,
  asked_at    INTEGER NOT NULL,
  answer      TEXT CHECK (answer IN ('yes', 'no')),
  answered_at INTEGER,
  by_name     TEXT,
  by_email    TEXT,
  PRIMARY KEY (source, uid),
  CHECK ((answer IS NULL) = (answered_at IS NULL) AND (answer IS NULL) = (by_name IS NULL))
) STRICT, WITHOUT ROWID;

-- How many rows of a reading wait for an answer.
ALTER TABLE readings ADD COLUMN held INTEGER NOT NULL DEFAULT 0;
-- When the partner was told that rows wait; NULL again once all are answered.
ALTER TABLE sources ADD COLUMN asked_at INTEGER;
