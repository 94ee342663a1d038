-- Policies of partners and events.

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
