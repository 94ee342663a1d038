-- What letters are made of: notices that wait, and readers who want changes at once, or only some places.
-- Times are seconds since 1970 (UTC).

-- What somebody is to be told, until it is told (or has come to nothing). The wording is made when it is told.
CREATE TABLE notices (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  email       TEXT NOT NULL REFERENCES users (email) ON DELETE CASCADE,
  topic       TEXT NOT NULL,
  event       TEXT REFERENCES events (id),
  fingerprint TEXT,
  source      INTEGER REFERENCES sources (id) ON DELETE CASCADE,
  words       TEXT,
  from_seq    INTEGER NOT NULL,
  urgent      INTEGER NOT NULL CHECK (urgent IN (0, 1)),
  first_at    INTEGER NOT NULL,
  last_at     INTEGER NOT NULL,
  settled_at  INTEGER,
  letter      INTEGER REFERENCES outbox (id),
  CHECK ((event IS NULL) <> (source IS NULL)),
  CHECK (letter IS NULL OR settled_at IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX notices_waiting ON notices (email, topic) WHERE settled_at IS NULL;
CREATE INDEX notices_told ON notices (email, topic) WHERE letter IS NOT NULL;

-- A column's CHECK cannot be changed: the new column takes the place of the old.
ALTER TABLE subscriptions ADD COLUMN pace TEXT NOT NULL DEFAULT 'weekly'
  CHECK (pace IN ('at_once', 'daily', 'weekly', 'monthly'));
UPDATE subscriptions SET pace = frequency;
ALTER TABLE subscriptions DROP COLUMN frequency;
ALTER TABLE subscriptions RENAME COLUMN pace TO frequency;

CREATE TABLE subscription_places (
  subscription INTEGER NOT NULL REFERENCES subscriptions (id) ON DELETE CASCADE,
  place        TEXT NOT NULL CHECK (place <> ''),
  PRIMARY KEY (subscription, place)
) STRICT, WITHOUT ROWID;

CREATE INDEX outbox_by_recipient ON outbox (recipient, created_at);
