-- Dates that are offered to partners and city teams for a plan, and what they answer.

-- A plan's proposal: one at a time. Asked anew after it is over, it begins with new dates.
CREATE TABLE proposals (
  event     TEXT PRIMARY KEY REFERENCES events (id) ON DELETE CASCADE,
  answer_by TEXT, -- a day, included, by the event's zone
  note      TEXT NOT NULL DEFAULT '',
  by_name   TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  closed_at INTEGER,
  outcome   TEXT CHECK (outcome IN ('settled', 'withdrawn')),
  chosen    INTEGER REFERENCES candidates (id),
  CHECK ((closed_at IS NULL) = (outcome IS NULL)),
  CHECK (chosen IS NULL OR outcome = 'settled')
) STRICT, WITHOUT ROWID;

CREATE TABLE candidates (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  event      TEXT NOT NULL REFERENCES proposals (event) ON DELETE CASCADE,
  all_day    INTEGER NOT NULL CHECK (all_day IN (0, 1)),
  starts     TEXT NOT NULL,
  ends       TEXT,
  time_zone  TEXT NOT NULL,
  venue      TEXT, -- as JSON; NULL for the event's own
  added_at   INTEGER NOT NULL,
  dropped_at INTEGER
) STRICT;

CREATE INDEX candidates_by_event ON candidates (event);

-- Whom it was sent to: a partner's people, or the leads of a city team.
CREATE TABLE asked (
  event        TEXT NOT NULL REFERENCES proposals (event) ON DELETE CASCADE,
  who          TEXT NOT NULL, -- partner:SLUG or team:SLUG
  partner      TEXT REFERENCES partners (slug) ON DELETE CASCADE,
  team         TEXT REFERENCES teams (slug) ON DELETE CASCADE,
  asked_at     INTEGER NOT NULL,
  withdrawn_at INTEGER,
  PRIMARY KEY (event, who),
  CHECK ((partner IS NULL) <> (team IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX asked_by_who ON asked (who) WHERE withdrawn_at IS NULL;
CREATE INDEX asked_by_partner ON asked (partner) WHERE partner IS NOT NULL;
CREATE INDEX asked_by_team ON asked (team) WHERE team IS NOT NULL;

-- Every answer ever given; the latest of somebody to a candidate is what they say.
CREATE TABLE answers (
  id        INTEGER PRIMARY KEY AUTOINCREMENT,
  candidate INTEGER NOT NULL REFERENCES candidates (id) ON DELETE CASCADE,
  event     TEXT NOT NULL,
  who       TEXT NOT NULL,
  answer    TEXT NOT NULL CHECK (answer IN ('yes', 'maybe', 'no')),
  note      TEXT NOT NULL,
  by_name   TEXT NOT NULL,
  by_email  TEXT NOT NULL,
  at        INTEGER NOT NULL,
  FOREIGN KEY (event, who) REFERENCES asked (event, who) ON DELETE CASCADE
) STRICT;

CREATE INDEX answers_by_candidate ON answers (candidate);
CREATE INDEX answers_by_asked ON answers (event, who);

-- The partners that may know of a plan because they are asked.
CREATE VIEW asked_partners AS
  SELECT event, partner FROM asked WHERE partner IS NOT NULL AND withdrawn_at IS NULL;

-- Who may see an event is part of it.
CREATE TRIGGER asked_added AFTER INSERT ON asked BEGIN
  INSERT INTO calendar_log (event) VALUES (new.event);
END;
CREATE TRIGGER asked_changed AFTER UPDATE ON asked BEGIN
  INSERT INTO calendar_log (event) VALUES (new.event);
END;
CREATE TRIGGER asked_removed AFTER DELETE ON asked BEGIN
  INSERT INTO calendar_log (event) VALUES (old.event);
END;
