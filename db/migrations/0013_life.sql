-- The life of a finding: decisions to go on that may expire or be withdrawn, and what became of each finding when.
-- Times are seconds since 1970 (UTC). A day is a civil day in the zone beside it.

-- A decision to go on in spite of a finding. Each stays; at most one for a finding has not ended.
ALTER TABLE overrides RENAME TO was_overrides;
CREATE TABLE overrides (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  fingerprint TEXT NOT NULL,
  facts       TEXT NOT NULL,
  -- The finding as it was decided on.
  about       TEXT,
  by_name     TEXT NOT NULL,
  by_email    TEXT NOT NULL,
  at          INTEGER NOT NULL,
  reason      TEXT NOT NULL CHECK (reason <> ''),
  -- From this day on it holds no longer; the instant at which that day begins.
  expires     TEXT,
  zone        TEXT,
  lapses_at   INTEGER,
  ended_at    INTEGER,
  ended       TEXT CHECK (ended IN ('expired', 'withdrawn', 'replaced')),
  ended_by    TEXT,
  CHECK ((expires IS NULL) = (zone IS NULL) AND (expires IS NULL) = (lapses_at IS NULL)),
  CHECK ((ended_at IS NULL) = (ended IS NULL))
) STRICT;
INSERT INTO overrides (fingerprint, facts, about, by_name, by_email, at, reason)
  SELECT fingerprint, facts, (SELECT body FROM findings WHERE findings.fingerprint = was_overrides.fingerprint),
    by_name, by_email, at, reason
  FROM was_overrides ORDER BY at, fingerprint;
DROP TABLE was_overrides;
CREATE UNIQUE INDEX overrides_standing ON overrides (fingerprint) WHERE ended_at IS NULL;
CREATE INDEX overrides_expiring ON overrides (lapses_at) WHERE ended_at IS NULL AND lapses_at IS NOT NULL;

-- What became of a finding, in order. Nothing is taken away when it goes.
CREATE TABLE finding_life (
  seq         INTEGER PRIMARY KEY AUTOINCREMENT,
  fingerprint TEXT NOT NULL,
  at          INTEGER NOT NULL,
  what        TEXT NOT NULL
    CHECK (what IN ('opened', 'changed', 'seen', 'told', 'overridden', 'expired', 'withdrawn', 'gone', 'back')),
  -- How grave it was then.
  severity    TEXT NOT NULL CHECK (severity IN ('block', 'high', 'medium', 'low', 'note', 'opportunity')),
  -- Who, and for which partner: of what somebody did, saw or was told.
  by_name     TEXT,
  partner     TEXT REFERENCES partners (slug),
  -- The decision that it is about.
  override    INTEGER REFERENCES overrides (id),
  -- What it was when it went.
  body        TEXT,
  CHECK ((body IS NOT NULL) = (what = 'gone'))
) STRICT;
CREATE INDEX finding_life_by_finding ON finding_life (fingerprint, seq);
INSERT INTO finding_life (fingerprint, at, what, severity)
  SELECT fingerprint, found_at, 'opened', severity FROM findings ORDER BY found_at, fingerprint;
INSERT INTO finding_life (fingerprint, at, what, severity, by_name, override)
  SELECT overrides.fingerprint, overrides.at, 'overridden', findings.severity, overrides.by_name, overrides.id
  FROM overrides JOIN findings ON findings.fingerprint = overrides.fingerprint ORDER BY overrides.at, overrides.id;
