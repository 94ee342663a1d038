-- City team leads sign in too; agendas close before meetings; a partner can hold nothing in person for a while; known venues.

-- A user belongs to a partner or leads a city team.
ALTER TABLE users RENAME COLUMN partner TO was_partner;
ALTER TABLE users ADD COLUMN partner TEXT REFERENCES partners (slug);
UPDATE users SET partner = was_partner;
ALTER TABLE users DROP COLUMN was_partner;
ALTER TABLE users RENAME COLUMN role TO was_role;
ALTER TABLE users ADD COLUMN role TEXT NOT NULL DEFAULT 'organizer'
  CHECK (role IN ('organizer', 'partner_admin', 'operator', 'team_lead'));
UPDATE users SET role = was_role;
ALTER TABLE users DROP COLUMN was_role;
ALTER TABLE users ADD COLUMN team TEXT REFERENCES teams (slug) ON DELETE CASCADE
  CHECK ((team IS NULL) <> (partner IS NULL) AND (team IS NOT NULL) = (role = 'team_lead'));
CREATE INDEX users_by_team ON users (team) WHERE team IS NOT NULL;

-- How many days before a meeting its agenda closes.
ALTER TABLE councils ADD COLUMN agenda_days INTEGER NOT NULL DEFAULT 7 CHECK (agenda_days BETWEEN 0 AND 60);

-- Days on which a partner meets nobody in person, and by when each of its convenings on them is to be decided on.
ALTER TABLE blackouts ADD COLUMN in_person INTEGER NOT NULL DEFAULT 0 CHECK (in_person IN (0, 1));
ALTER TABLE blackouts ADD COLUMN decide_by TEXT;

-- Places that people meet in again and again.
CREATE TABLE venues (
  slug     TEXT PRIMARY KEY,
  name     TEXT NOT NULL CHECK (name <> ''),
  room     TEXT,
  city     TEXT,
  state    TEXT,
  country  TEXT,
  lat      REAL CHECK (lat BETWEEN -90 AND 90),
  lon      REAL CHECK (lon BETWEEN -180 AND 180),
  capacity INTEGER CHECK (capacity >= 0)
) STRICT, WITHOUT ROWID;
