-- What city teams, partners and towns have said of their own calendars; and until when a hold stands.

-- A team's council; its meetings are a series by the team's own clock, with what was moved or left out.
CREATE TABLE councils (
  team                TEXT PRIMARY KEY REFERENCES teams (slug) ON DELETE CASCADE,
  name                TEXT NOT NULL CHECK (name <> ''),
  seats               INTEGER NOT NULL CHECK (seats > 0),
  quorum              INTEGER CHECK (quorum BETWEEN 1 AND seats),
  mayor_sits          INTEGER NOT NULL CHECK (mayor_sits IN (0, 1)),
  approves_travel     INTEGER NOT NULL CHECK (approves_travel IN (0, 1)),
  yields_to_elections INTEGER NOT NULL CHECK (yields_to_elections IN (0, 1)),
  starts              TEXT NOT NULL,
  ends                TEXT NOT NULL CHECK (ends > starts),
  recurrence          TEXT NOT NULL,
  expanded_until      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Each of its meetings; written in the same transaction as the council.
CREATE TABLE council_meetings (
  team       TEXT NOT NULL REFERENCES councils (team) ON DELETE CASCADE,
  original   TEXT NOT NULL,
  day        TEXT NOT NULL,
  starts_at  INTEGER NOT NULL,
  ends_at    INTEGER NOT NULL CHECK (ends_at >= starts_at),
  moved_from TEXT,
  title      TEXT,
  PRIMARY KEY (team, original)
) STRICT, WITHOUT ROWID;
CREATE INDEX council_meetings_by_day ON council_meetings (day);

-- The month whose first day begins a team's fiscal year; the weeks before it when budgets are made.
CREATE TABLE budget_years (
  team  TEXT PRIMARY KEY REFERENCES teams (slug) ON DELETE CASCADE,
  month INTEGER NOT NULL CHECK (month BETWEEN 1 AND 12),
  weeks INTEGER CHECK (weeks BETWEEN 1 AND 52)
) STRICT, WITHOUT ROWID;

-- Days that a team, a partner or a town has ruled out.
CREATE TABLE blackouts (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  team       TEXT REFERENCES teams (slug) ON DELETE CASCADE,
  partner    TEXT REFERENCES partners (slug) ON DELETE CASCADE,
  city       TEXT,
  state      TEXT,
  first_day  TEXT NOT NULL,
  last_day   TEXT NOT NULL CHECK (last_day >= first_day),
  severity   TEXT NOT NULL CHECK (severity IN ('block', 'high', 'medium', 'low', 'note')),
  reason     TEXT NOT NULL CHECK (reason <> ''),
  created_at INTEGER NOT NULL,
  CHECK ((team IS NOT NULL) + (partner IS NOT NULL) + (city IS NOT NULL) = 1),
  CHECK (state IS NULL OR city IS NOT NULL)
) STRICT;
CREATE INDEX blackouts_by_day ON blackouts (first_day);
CREATE INDEX blackouts_by_team ON blackouts (team) WHERE team IS NOT NULL;

-- The last day that a hold stands.
ALTER TABLE events ADD COLUMN hold_until TEXT;
CREATE INDEX events_by_hold ON events (hold_until) WHERE status = 'hold';
