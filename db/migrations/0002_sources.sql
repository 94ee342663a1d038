-- Upstream calendars that the service keeps reading, what each reading came to, and what they gave.

CREATE TABLE sources (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  partner       TEXT NOT NULL REFERENCES partners (slug),
  name          TEXT NOT NULL CHECK (name <> ''),
  -- NULL: it was uploaded, and is not read again by itself. It may hold a secret: only its host is ever shown.
  address       TEXT UNIQUE,
  time_zone     TEXT NOT NULL,
  mode          TEXT CHECK (mode IN ('in_person', 'virtual', 'hybrid')),
  every         INTEGER NOT NULL CHECK (every > 0),
  etag          TEXT,
  last_modified TEXT,
  next_at       INTEGER CHECK ((next_at IS NULL) = (address IS NULL)),
  failing_since INTEGER,
  failures      INTEGER NOT NULL DEFAULT 0 CHECK ((failures = 0) = (failing_since IS NULL)),
  told_at       INTEGER,
  created_at    INTEGER NOT NULL,
  UNIQUE (partner, name)
) STRICT;
CREATE INDEX sources_due ON sources (next_at) WHERE next_at IS NOT NULL;

-- Whom its events are for where they do not say.
CREATE TABLE source_roles (
  source INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
  role   TEXT NOT NULL REFERENCES roles (slug),
  PRIMARY KEY (source, role)
) STRICT, WITHOUT ROWID;

CREATE TABLE readings (
  id        INTEGER PRIMARY KEY AUTOINCREMENT,
  source    INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
  at        INTEGER NOT NULL,
  took_ms   INTEGER NOT NULL,
  outcome   TEXT NOT NULL CHECK (outcome IN ('read', 'not_modified', 'failed')),
  new       INTEGER NOT NULL,
  changed   INTEGER NOT NULL,
  unchanged INTEGER NOT NULL,
  gone      INTEGER NOT NULL,
  refused   INTEGER NOT NULL,
  message   TEXT
) STRICT;
CREATE INDEX readings_by_source ON readings (source, id);

-- Which events a source gave. One that it gives no longer was withdrawn upstream: shown and asked about, never deleted.
CREATE TABLE source_events (
  source       INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
  event        TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
  withdrawn_at INTEGER,
  -- Somebody of the partner decided that it stays.
  kept_at      INTEGER,
  PRIMARY KEY (source, event)
) STRICT, WITHOUT ROWID;
CREATE INDEX source_events_by_event ON source_events (event);
