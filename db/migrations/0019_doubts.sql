-- Rows of upstream calendars that are doubtful: each waits for a yes or no of the partner's people, and is asked about
-- again only where its calendar says something else. Times are seconds since 1970 (UTC).
CREATE TABLE doubts (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  source      INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
  uid         TEXT NOT NULL,
  -- What the calendar says of it, as it is kept beside events (JSON).
  facts       TEXT NOT NULL,
  -- The hash of what is asked about; the same one is not asked about twice.
  mark        TEXT NOT NULL,
  sequence    INTEGER NOT NULL,
  line        INTEGER NOT NULL,
  title       TEXT NOT NULL,
  -- Why it waits, in sentences (a JSON array).
  reasons     TEXT NOT NULL,
  since       INTEGER NOT NULL,
  answer      TEXT CHECK (answer IN ('yes', 'no')),
  answered_at INTEGER,
  answered_by TEXT,
  UNIQUE (source, uid),
  CHECK ((answer IS NULL) = (answered_at IS NULL) AND (answer IS NULL) = (answered_by IS NULL))
) STRICT;

-- How many rows of a reading wait for a yes or no.
ALTER TABLE readings ADD COLUMN held INTEGER NOT NULL DEFAULT 0;
