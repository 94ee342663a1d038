-- Every letter can be found again, by person and by event, until its row is forgotten after 90 days.
-- Times are seconds since 1970 (UTC).

-- The name that the letter was addressed to.
ALTER TABLE outbox ADD COLUMN name TEXT;
UPDATE outbox SET name = (SELECT users.name FROM users WHERE users.email = outbox.recipient);
CREATE INDEX outbox_by_name ON outbox (name) WHERE name IS NOT NULL;
CREATE INDEX outbox_settled ON outbox (done_at) WHERE done_at IS NOT NULL;

-- The events that a letter tells of: one for most, many for a digest.
CREATE TABLE letter_events (
  event  TEXT NOT NULL REFERENCES events (id),
  letter INTEGER NOT NULL REFERENCES outbox (id) ON DELETE CASCADE,
  PRIMARY KEY (event, letter)
) STRICT, WITHOUT ROWID;
CREATE INDEX letter_events_by_letter ON letter_events (letter);
INSERT INTO letter_events (event, letter) SELECT event, id FROM outbox WHERE event IS NOT NULL;

-- What was told stays told when its letter is forgotten.
ALTER TABLE notices ADD COLUMN told INTEGER NOT NULL DEFAULT 0 CHECK (told IN (0, 1));
UPDATE notices SET told = 1 WHERE letter IS NOT NULL;
DROP INDEX notices_told;
CREATE INDEX notices_told ON notices (email, topic) WHERE told = 1;
CREATE INDEX notices_by_letter ON notices (letter) WHERE letter IS NOT NULL;
CREATE INDEX digest_runs_by_letter ON digest_runs (outbox) WHERE outbox IS NOT NULL;
