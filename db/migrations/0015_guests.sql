-- Who said that they come to an event, or speak there, and what their calendar was told of it.
-- Times are seconds since 1970 (UTC).

CREATE TABLE guests (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  event         TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
  -- One occurrence of a series, by its start under the rule; empty for an event that happens once.
  original      TEXT NOT NULL DEFAULT '',
  -- In lower case.
  email         TEXT NOT NULL CHECK (email <> ''),
  name          TEXT,
  -- Who speaks, of those the event names; NULL: comes to listen.
  speaker       TEXT REFERENCES people (slug),
  state         TEXT NOT NULL CHECK (state IN ('pending', 'coming', 'off')),
  -- Who of the partner asked; NULL: they came by themselves.
  asked_by      TEXT,
  asked_at      INTEGER NOT NULL,
  asks          INTEGER NOT NULL DEFAULT 1 CHECK (asks >= 1),
  confirm_hash  TEXT NOT NULL UNIQUE,
  confirm_until INTEGER NOT NULL,
  confirmed_at  INTEGER,
  off_at        INTEGER,
  -- The last SEQUENCE that was sent; NULL: nothing was.
  sequence      INTEGER CHECK (sequence >= 0),
  -- When, where and how, as their calendar has it (JSON); NULL: it has no entry.
  told          TEXT,
  -- The first change that their calendar was not told of, and when it will be.
  changed_at    INTEGER,
  due_at        INTEGER,
  UNIQUE (event, original, email),
  CHECK ((changed_at IS NULL) = (due_at IS NULL)),
  CHECK (state <> 'coming' OR confirmed_at IS NOT NULL),
  CHECK (told IS NULL OR sequence IS NOT NULL)
) STRICT;
CREATE INDEX guests_due ON guests (due_at) WHERE due_at IS NOT NULL;
