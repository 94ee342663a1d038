-- The log of events that changed is shortened after every 256th entry: at each, it cost as much as the entry itself.

DROP TRIGGER events_added;
DROP TRIGGER events_changed;

CREATE TRIGGER events_added AFTER INSERT ON events BEGIN
  INSERT INTO calendar_log (event) VALUES (new.id);
END;
CREATE TRIGGER events_changed AFTER UPDATE ON events BEGIN
  INSERT INTO calendar_log (event) VALUES (new.id);
END;
CREATE TRIGGER calendar_log_grown AFTER INSERT ON calendar_log WHEN new.seq % 256 = 0 BEGIN
  DELETE FROM calendar_log WHERE seq <= new.seq - 4096;
END;
