-- What was answered to a request that named itself (Idempotency-Key), so that the same request sent again is answered
-- again and done once. Written in the transaction of the change itself; gone after a day.

CREATE TABLE kept_answers (
  token      INTEGER NOT NULL REFERENCES tokens (id) ON DELETE CASCADE,
  key        TEXT NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
  request    TEXT NOT NULL,
  status     INTEGER NOT NULL CHECK (status BETWEEN 200 AND 299),
  revision   INTEGER,
  location   TEXT,
  body       TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (token, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX kept_answers_by_age ON kept_answers (created_at);
