-- Policies of partners and events; the life of a finding; overrides that end.

-- What a partner, or an event, says of thresholds and severities, where it differs from the wider policy.
CREATE TABLE policies (
  id       INTEGER PRIMARY KEY,
  partner  TEXT UNIQUE REFERENCES partners (slug) ON DELETE CASCADE,
  event    TEXT UNIQUE REFERENCES events (id) ON DELETE CASCADE,
  body     TEXT NOT NULL,
  revision INTEGER NOT NULL CHECK (revision >= 1),
  CHECK ((partner IS NULL) <> (event IS NULL))
) STRICT;

-- Who changed them, from what to what.
CREATE TABLE policy_changes (
  seq     INTEGER PRIMARY KEY AUTOINCREMENT,
  at      INTEGER NOT NULL,
  partner TEXT REFERENCES partners (slug) ON DELETE CASCADE,
  event   TEXT REFERENCES events (id) ON DELETE CASCADE,
  actor   TEXT NOT NULL,
  reason  TEXT,
  before  TEXT NOT NULL,
  after   TEXT NOT NULL,
  CHECK ((partner IS NULL) <> (event IS NULL))
) STRICT;

-- An override may end: `until` is its last day as it was said, `expires_at` the first instant after it.
ALTER TABLE overrides ADD COLUMN until TEXT;
ALTER TABLE overrides ADD COLUMN expires_at INTEGER;
CREATE INDEX overrides_by_end ON overrides (expires_at) WHERE expires_at IS NOT NULL;

-- What became of each finding. `body` is the finding as it was when it went.
CREATE TABLE finding_steps (
  seq         INTEGER PRIMARY KEY AUTOINCREMENT,
  fingerprint TEXT NOT NULL,
  at          INTEGER NOT NULL,
  what        TEXT NOT NULL CHECK (what IN ('opened', 'seen', 'changed', 'overridden', 'withdrawn', 'expired', 'gone', 'back')),
  severity    TEXT,
  by_name     TEXT,
  by_email    TEXT,
  reason      TEXT,
  until       TEXT,
  body        TEXT
) STRICT;
CREATE INDEX finding_steps_by_finding ON finding_steps (fingerprint, seq);

-- The findings that stand already were opened when they were found.
INSERT INTO finding_steps (fingerprint, at, what, severity)
  SELECT fingerprint, found_at, 'opened', severity FROM findings ORDER BY found_at, fingerprint;
INSERT INTO finding_steps (fingerprint, at, what, by_name, by_email, reason)
  SELECT fingerprint, at, 'overridden', by_name, by_email, reason FROM overrides ORDER BY at, fingerprint;
