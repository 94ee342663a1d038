-- Findings lie in the order in which they were found, not in that of their fingerprints: many found at once are written once.
-- What a column may hold is said with OR: for a list behind IN, SQLite makes a table of its own for each row written.

CREATE TABLE kept_findings AS SELECT * FROM findings;
CREATE TABLE kept_finding_events AS SELECT * FROM finding_events;
DROP TABLE finding_events;
DROP TABLE findings;

CREATE TABLE findings (
  fingerprint TEXT PRIMARY KEY,
  kind        TEXT NOT NULL,
  severity    TEXT NOT NULL
    CHECK (severity = 'block' OR severity = 'high' OR severity = 'medium' OR severity = 'low' OR severity = 'note' OR severity = 'opportunity'),
  facts       TEXT NOT NULL,
  body        TEXT NOT NULL,
  found_at    INTEGER NOT NULL
) STRICT;

CREATE TABLE finding_events (
  event       TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
  fingerprint TEXT NOT NULL REFERENCES findings (fingerprint) ON DELETE CASCADE,
  PRIMARY KEY (event, fingerprint)
) STRICT, WITHOUT ROWID;

CREATE INDEX finding_events_by_finding ON finding_events (fingerprint);

INSERT INTO findings (fingerprint, kind, severity, facts, body, found_at)
  SELECT fingerprint, kind, severity, facts, body, found_at FROM kept_findings ORDER BY found_at, fingerprint;
INSERT INTO finding_events (event, fingerprint) SELECT event, fingerprint FROM kept_finding_events ORDER BY event, fingerprint;
DROP TABLE kept_finding_events;
DROP TABLE kept_findings;

ALTER TABLE finding_life RENAME TO was_finding_life;
CREATE TABLE finding_life (
  seq         INTEGER PRIMARY KEY AUTOINCREMENT,
  fingerprint TEXT NOT NULL,
  at          INTEGER NOT NULL,
  what        TEXT NOT NULL
    CHECK (what = 'opened' OR what = 'changed' OR what = 'seen' OR what = 'told' OR what = 'overridden' OR what = 'expired'
      OR what = 'withdrawn' OR what = 'gone' OR what = 'back'),
  -- How grave it was then.
  severity    TEXT NOT NULL
    CHECK (severity = 'block' OR severity = 'high' OR severity = 'medium' OR severity = 'low' OR severity = 'note' OR severity = 'opportunity'),
  -- Who, and for which partner: of what somebody did, saw or was told.
  by_name     TEXT,
  partner     TEXT REFERENCES partners (slug),
  -- The decision that it is about.
  override    INTEGER REFERENCES overrides (id),
  -- What it was when it went.
  body        TEXT,
  CHECK ((body IS NOT NULL) = (what = 'gone'))
) STRICT;
INSERT INTO finding_life (seq, fingerprint, at, what, severity, by_name, partner, override, body)
  SELECT seq, fingerprint, at, what, severity, by_name, partner, override, body FROM was_finding_life ORDER BY seq;
DROP TABLE was_finding_life;
CREATE INDEX finding_life_by_finding ON finding_life (fingerprint, seq);
