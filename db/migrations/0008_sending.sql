-- Sending: the order of letters about the same thing, pauses, alerts, failure reports, and who is not written to.
-- Times are seconds since 1970 (UTC), as in the outbox.

ALTER TABLE outbox ADD COLUMN order_key TEXT;
ALTER TABLE outbox ADD COLUMN order_seq INTEGER;
CREATE INDEX outbox_expiry ON outbox (not_after) WHERE state = 'ready';
CREATE INDEX outbox_order ON outbox (order_key, order_seq) WHERE order_key IS NOT NULL;
CREATE INDEX outbox_done ON outbox (done_at) WHERE done_at IS NOT NULL AND length(mail) > 0;

CREATE TABLE pauses (
  scope  TEXT PRIMARY KEY,
  cause  TEXT NOT NULL CHECK (cause IN ('away', 'refuses', 'rate')),
  since  INTEGER NOT NULL,
  until  INTEGER NOT NULL,
  step   INTEGER NOT NULL,
  reason TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE alerts (
  kind  TEXT PRIMARY KEY,
  since INTEGER NOT NULL,
  at    INTEGER NOT NULL,
  count INTEGER NOT NULL,
  words TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE bounces (
  outbox   INTEGER PRIMARY KEY REFERENCES outbox (id),
  address  TEXT NOT NULL,
  weight   TEXT NOT NULL CHECK (weight IN ('hard', 'soft', 'policy')),
  status   TEXT,
  reply    TEXT NOT NULL,
  at       INTEGER NOT NULL,
  forgiven INTEGER NOT NULL DEFAULT 0 CHECK (forgiven IN (0, 1))
) STRICT;
CREATE INDEX bounces_by_address ON bounces (address, at);

CREATE TABLE suppressions (
  address  TEXT PRIMARY KEY,
  reason   TEXT NOT NULL CHECK (reason IN ('hard', 'soft', 'asked')),
  evidence TEXT NOT NULL,
  since    INTEGER NOT NULL,
  until    INTEGER
) STRICT, WITHOUT ROWID;
