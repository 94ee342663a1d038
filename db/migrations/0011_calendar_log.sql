-- What changed, for whoever keeps the calendar in memory: kept by triggers, so that no writer can forget it.

-- The events that changed, in order; the last few thousand of them. Whatever an event is made of in other tables is
-- written together with its row.
CREATE TABLE calendar_log (
  seq   INTEGER PRIMARY KEY AUTOINCREMENT,
  event TEXT NOT NULL
) STRICT;

CREATE TRIGGER events_added AFTER INSERT ON events BEGIN
  INSERT INTO calendar_log (event) VALUES (new.id);
  DELETE FROM calendar_log WHERE seq <= (SELECT max(seq) FROM calendar_log) - 4096;
END;
CREATE TRIGGER events_changed AFTER UPDATE ON events BEGIN
  INSERT INTO calendar_log (event) VALUES (new.id);
  DELETE FROM calendar_log WHERE seq <= (SELECT max(seq) FROM calendar_log) - 4096;
END;

-- How often anything changed that events are judged by: then all is read anew. So it is where an event is gone.
INSERT INTO revisions (name, value, changed_at) VALUES ('setting', 1, 0);

CREATE TRIGGER events_removed AFTER DELETE ON events BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TRIGGER roles_added AFTER INSERT ON roles BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;
CREATE TRIGGER roles_changed AFTER UPDATE ON roles BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;
CREATE TRIGGER roles_removed AFTER DELETE ON roles BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TRIGGER people_added AFTER INSERT ON people BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;
CREATE TRIGGER people_changed AFTER UPDATE ON people BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;
CREATE TRIGGER people_removed AFTER DELETE ON people BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TRIGGER partners_added AFTER INSERT ON partners BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;
CREATE TRIGGER partners_changed AFTER UPDATE ON partners BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;
CREATE TRIGGER partners_removed AFTER DELETE ON partners BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TRIGGER teams_added AFTER INSERT ON teams BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;
CREATE TRIGGER teams_changed AFTER UPDATE ON teams BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;
CREATE TRIGGER teams_removed AFTER DELETE ON teams BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TRIGGER members_added AFTER INSERT ON members BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;
CREATE TRIGGER members_changed AFTER UPDATE ON members BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;
CREATE TRIGGER members_removed AFTER DELETE ON members BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TRIGGER member_cohorts_added AFTER INSERT ON member_cohorts BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;
CREATE TRIGGER member_cohorts_changed AFTER UPDATE ON member_cohorts BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;
CREATE TRIGGER member_cohorts_removed AFTER DELETE ON member_cohorts BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TRIGGER observances_added AFTER INSERT ON observances BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;
CREATE TRIGGER observances_changed AFTER UPDATE ON observances BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;
CREATE TRIGGER observances_removed AFTER DELETE ON observances BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TRIGGER patterns_added AFTER INSERT ON patterns BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;
CREATE TRIGGER patterns_changed AFTER UPDATE ON patterns BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;
CREATE TRIGGER patterns_removed AFTER DELETE ON patterns BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TRIGGER councils_added AFTER INSERT ON councils BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;
CREATE TRIGGER councils_changed AFTER UPDATE ON councils BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;
CREATE TRIGGER councils_removed AFTER DELETE ON councils BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TRIGGER council_meetings_added AFTER INSERT ON council_meetings BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;
CREATE TRIGGER council_meetings_changed AFTER UPDATE ON council_meetings BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;
CREATE TRIGGER council_meetings_removed AFTER DELETE ON council_meetings BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TRIGGER budget_years_added AFTER INSERT ON budget_years BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;
CREATE TRIGGER budget_years_changed AFTER UPDATE ON budget_years BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;
CREATE TRIGGER budget_years_removed AFTER DELETE ON budget_years BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TRIGGER blackouts_added AFTER INSERT ON blackouts BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;
CREATE TRIGGER blackouts_changed AFTER UPDATE ON blackouts BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;
CREATE TRIGGER blackouts_removed AFTER DELETE ON blackouts BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TRIGGER policies_added AFTER INSERT ON policies BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;
CREATE TRIGGER policies_changed AFTER UPDATE ON policies BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;
CREATE TRIGGER policies_removed AFTER DELETE ON policies BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TRIGGER meta_added AFTER INSERT ON meta BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;
CREATE TRIGGER meta_changed AFTER UPDATE ON meta BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;
CREATE TRIGGER meta_removed AFTER DELETE ON meta BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;
