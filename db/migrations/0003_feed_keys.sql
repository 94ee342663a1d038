-- Feeds that are not for everybody: whoever has the address reads it. Only the hash of its secret is kept.

CREATE TABLE feed_keys (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  team       TEXT REFERENCES teams (slug) ON DELETE CASCADE,
  email      TEXT REFERENCES users (email) ON DELETE CASCADE,
  token_hash TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  revoked_at INTEGER,
  CHECK ((team IS NULL) <> (email IS NULL))
) STRICT;

-- What an event was before, for “was …” in feeds: most events never changed.
CREATE INDEX changes_with_before ON changes (event, seq) WHERE before IS NOT NULL;
