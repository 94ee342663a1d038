-- The present schema on one page: what the migrations come to, table by table in the order of their names.
-- Generated; write it anew with: CONVENE_BLESS=1 cargo nextest run schema

CREATE TABLE alerts (
  kind  TEXT PRIMARY KEY,
  since INTEGER NOT NULL,
  at    INTEGER NOT NULL,
  count INTEGER NOT NULL,
  words TEXT NOT NULL
) STRICT, WITHOUT ROWID;

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

CREATE INDEX answers_by_asked ON answers (event, who);

CREATE INDEX answers_by_candidate ON answers (candidate);

CREATE TRIGGER asked_added AFTER INSERT ON asked BEGIN
  INSERT INTO calendar_log (event) VALUES (new.event);
END;

CREATE TRIGGER asked_changed AFTER UPDATE ON asked BEGIN
  INSERT INTO calendar_log (event) VALUES (new.event);
END;

CREATE TRIGGER asked_removed AFTER DELETE ON asked BEGIN
  INSERT INTO calendar_log (event) VALUES (old.event);
END;

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

CREATE INDEX asked_by_partner ON asked (partner) WHERE partner IS NOT NULL;

CREATE INDEX asked_by_team ON asked (team) WHERE team IS NOT NULL;

CREATE INDEX asked_by_who ON asked (who) WHERE withdrawn_at IS NULL;

CREATE VIEW asked_partners AS
  SELECT event, partner FROM asked WHERE partner IS NOT NULL AND withdrawn_at IS NULL;

CREATE TRIGGER blackouts_added AFTER INSERT ON blackouts BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TRIGGER blackouts_changed AFTER UPDATE ON blackouts BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TRIGGER blackouts_removed AFTER DELETE ON blackouts BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

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
  created_at INTEGER NOT NULL, in_person INTEGER NOT NULL DEFAULT 0 CHECK (in_person IN (0, 1)), decide_by TEXT,
  CHECK ((team IS NOT NULL) + (partner IS NOT NULL) + (city IS NOT NULL) = 1),
  CHECK (state IS NULL OR city IS NOT NULL)
) STRICT;

CREATE INDEX blackouts_by_day ON blackouts (first_day);

CREATE INDEX blackouts_by_team ON blackouts (team) WHERE team IS NOT NULL;

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

CREATE TRIGGER budget_years_added AFTER INSERT ON budget_years BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TRIGGER budget_years_changed AFTER UPDATE ON budget_years BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TRIGGER budget_years_removed AFTER DELETE ON budget_years BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TABLE budget_years (
  team  TEXT PRIMARY KEY REFERENCES teams (slug) ON DELETE CASCADE,
  month INTEGER NOT NULL CHECK (month BETWEEN 1 AND 12),
  weeks INTEGER CHECK (weeks BETWEEN 1 AND 52)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER calendar_log_grown AFTER INSERT ON calendar_log WHEN new.seq % 256 = 0 BEGIN
  DELETE FROM calendar_log WHERE seq <= new.seq - 4096;
END;

CREATE TABLE calendar_log (
  seq   INTEGER PRIMARY KEY AUTOINCREMENT,
  event TEXT NOT NULL
) STRICT;

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

CREATE TABLE changes (
  seq    INTEGER PRIMARY KEY AUTOINCREMENT,
  at     INTEGER NOT NULL,
  event  TEXT NOT NULL REFERENCES events (id),
  what   TEXT NOT NULL,
  actor  TEXT NOT NULL,
  reason TEXT,
  before TEXT,
  after  TEXT NOT NULL
) STRICT;

CREATE INDEX changes_by_event ON changes (event, seq);

CREATE INDEX changes_with_before ON changes (event, seq) WHERE before IS NOT NULL;

CREATE TRIGGER claims_added AFTER INSERT ON claims BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TRIGGER claims_changed AFTER UPDATE ON claims BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TRIGGER claims_removed AFTER DELETE ON claims BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TABLE claims (
  event     TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
  -- The calendar's or file's name.
  source    TEXT NOT NULL CHECK (source <> ''),
  facts     TEXT NOT NULL,
  -- Since when it says so.
  read_at   INTEGER NOT NULL,
  -- What it said of dates, place and mode when somebody decided that another source is right: that is not asked again.
  overruled TEXT,
  PRIMARY KEY (event, source)
) STRICT, WITHOUT ROWID;

CREATE TABLE cohort_partners (
  cohort   TEXT NOT NULL REFERENCES cohorts (slug) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  partner  TEXT NOT NULL REFERENCES partners (slug),
  PRIMARY KEY (cohort, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE cohorts (
  slug TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  role TEXT NOT NULL REFERENCES roles (slug)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER council_meetings_added AFTER INSERT ON council_meetings BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TRIGGER council_meetings_changed AFTER UPDATE ON council_meetings BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TRIGGER council_meetings_removed AFTER DELETE ON council_meetings BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

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

CREATE TRIGGER councils_added AFTER INSERT ON councils BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TRIGGER councils_changed AFTER UPDATE ON councils BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TRIGGER councils_removed AFTER DELETE ON councils BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

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
, agenda_days INTEGER NOT NULL DEFAULT 7 CHECK (agenda_days BETWEEN 0 AND 60)) STRICT, WITHOUT ROWID;

CREATE TABLE digest_runs (
  subscription INTEGER NOT NULL REFERENCES subscriptions (id),
  from_seq     INTEGER NOT NULL,
  to_seq       INTEGER NOT NULL,
  outbox       INTEGER REFERENCES outbox (id),
  at           INTEGER NOT NULL,
  PRIMARY KEY (subscription, at)
) STRICT, WITHOUT ROWID;

CREATE INDEX digest_runs_by_letter ON digest_runs (outbox) WHERE outbox IS NOT NULL;

CREATE TABLE doubts (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  source      INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
  uid         TEXT NOT NULL,
  -- What the calendar says of it, as it is kept beside events (JSON).
  facts       TEXT NOT NULL,
  -- The hash of what is asked about; the same one is not asked about twice.
  mark        TEXT NOT NULL,
  sequence    INTEGER NOT NULL,
  line        INTEGER NOT NULL,
  title       TEXT NOT NULL,
  -- Why it waits, in sentences (a JSON array).
  reasons     TEXT NOT NULL,
  since       INTEGER NOT NULL,
  answer      TEXT CHECK (answer IN ('yes', 'no')),
  answered_at INTEGER,
  answered_by TEXT,
  UNIQUE (source, uid),
  CHECK ((answer IS NULL) = (answered_at IS NULL) AND (answer IS NULL) = (answered_by IS NULL))
) STRICT;

CREATE TABLE event_co_hosts (
  event    TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  partner  TEXT NOT NULL REFERENCES partners (slug),
  PRIMARY KEY (event, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE event_roles (
  event TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
  role  TEXT NOT NULL REFERENCES roles (slug),
  PRIMARY KEY (event, role)
) STRICT, WITHOUT ROWID;

CREATE TABLE event_speakers (
  event  TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
  person TEXT NOT NULL REFERENCES people (slug),
  PRIMARY KEY (event, person)
) STRICT, WITHOUT ROWID;

CREATE TABLE event_stages (
  event TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
  stage TEXT NOT NULL,
  PRIMARY KEY (event, stage)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER events_added AFTER INSERT ON events BEGIN
  INSERT INTO calendar_log (event) VALUES (new.id);
END;

CREATE TRIGGER events_changed AFTER UPDATE ON events BEGIN
  INSERT INTO calendar_log (event) VALUES (new.id);
END;

CREATE TRIGGER events_removed AFTER DELETE ON events BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TABLE events (
  id              TEXT PRIMARY KEY,
  kind            TEXT NOT NULL CHECK (kind IN ('convening', 'session')),
  status          TEXT NOT NULL CHECK (status IN ('idea', 'hold', 'proposed', 'announced', 'confirmed', 'held', 'postponed', 'cancelled')),
  revision        INTEGER NOT NULL CHECK (revision >= 1),
  sequence        INTEGER NOT NULL CHECK (sequence >= 0),
  created_at      INTEGER NOT NULL,
  changed_at      INTEGER NOT NULL,
  title           TEXT NOT NULL CHECK (title <> ''),
  description     TEXT NOT NULL,
  url             TEXT,
  join_url        TEXT,
  partner         TEXT NOT NULL REFERENCES partners (slug),
  cohort          TEXT REFERENCES cohorts (slug),
  anchor          TEXT REFERENCES events (id) CHECK (anchor <> id),
  expected        INTEGER CHECK (expected >= 0),
  private         INTEGER NOT NULL CHECK (private IN (0, 1)),
  transparent     INTEGER NOT NULL CHECK (transparent IN (0, 1)),
  mode            TEXT NOT NULL CHECK (mode IN ('in_person', 'virtual', 'hybrid')),
  venue_name      TEXT,
  room            TEXT,
  city            TEXT,
  state           TEXT,
  country         TEXT,
  lat             REAL CHECK (lat BETWEEN -90 AND 90),
  lon             REAL CHECK (lon BETWEEN -180 AND 180),
  capacity        INTEGER CHECK (capacity >= 0),
  has_venue       INTEGER NOT NULL CHECK (has_venue IN (0, 1)),
  all_day         INTEGER NOT NULL CHECK (all_day IN (0, 1)),
  starts          TEXT NOT NULL,
  ends            TEXT CHECK (ends >= starts),
  time_zone       TEXT NOT NULL,
  recurrence      TEXT,
  expanded_until  INTEGER,
  source_uid      TEXT,
  source_calendar TEXT,
  source_read_at  INTEGER,
  source_sequence INTEGER,
  source_facts    TEXT, hold_until TEXT, states TEXT NOT NULL DEFAULT '',
  CHECK ((source_uid IS NULL) = (source_calendar IS NULL))
) STRICT;

CREATE INDEX events_by_anchor ON events (anchor) WHERE anchor IS NOT NULL;

CREATE INDEX events_by_hold ON events (hold_until) WHERE status = 'hold';

CREATE INDEX events_by_partner ON events (partner, status, title);

CREATE UNIQUE INDEX events_by_source ON events (partner, source_uid) WHERE source_uid IS NOT NULL;

CREATE TABLE feed_keys (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  team       TEXT REFERENCES teams (slug) ON DELETE CASCADE,
  email      TEXT REFERENCES users (email) ON DELETE CASCADE,
  token_hash TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  revoked_at INTEGER,
  CHECK ((team IS NULL) <> (email IS NULL))
) STRICT;

CREATE TABLE finding_events (
  event       TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
  fingerprint TEXT NOT NULL REFERENCES findings (fingerprint) ON DELETE CASCADE,
  PRIMARY KEY (event, fingerprint)
) STRICT, WITHOUT ROWID;

CREATE INDEX finding_events_by_finding ON finding_events (fingerprint);

CREATE TABLE finding_life (
  seq         INTEGER PRIMARY KEY AUTOINCREMENT,
  fingerprint TEXT NOT NULL,
  at          INTEGER NOT NULL,
  what        TEXT NOT NULL
    CHECK (what = 'opened' OR what = 'changed' OR what = 'seen' OR what = 'told' OR what = 'overridden' OR what = 'expired'
      OR what = 'withdrawn' OR what = 'gone' OR what = 'back'),
  -- How grave it was then.
  severity    TEXT NOT NULL
    CHECK (severity = 'block' OR severity = 'high' OR severity = 'medium' OR severity = 'low' OR severity = 'note' OR severity = 'opportunity'),
  -- Who, and for which partner: of what somebody did, saw or was told.
  by_name     TEXT,
  partner     TEXT REFERENCES partners (slug),
  -- The decision that it is about.
  override    INTEGER REFERENCES overrides (id),
  -- What it was when it went.
  body        TEXT,
  CHECK ((body IS NOT NULL) = (what = 'gone'))
) STRICT;

CREATE INDEX finding_life_by_finding ON finding_life (fingerprint, seq);

CREATE TABLE findings (
  fingerprint TEXT PRIMARY KEY,
  kind        TEXT NOT NULL,
  severity    TEXT NOT NULL
    CHECK (severity = 'block' OR severity = 'high' OR severity = 'medium' OR severity = 'low' OR severity = 'note' OR severity = 'opportunity'),
  facts       TEXT NOT NULL,
  body        TEXT NOT NULL,
  found_at    INTEGER NOT NULL
) STRICT;

CREATE TABLE guests (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  event         TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
  -- One occurrence of a series, by its start under the rule; empty for an event that happens once.
  original      TEXT NOT NULL DEFAULT '',
  -- In lower case.
  email         TEXT NOT NULL CHECK (email <> ''),
  name          TEXT,
  -- Who speaks, of those the event names; NULL: comes to listen.
  speaker       TEXT REFERENCES people (slug),
  state         TEXT NOT NULL CHECK (state IN ('pending', 'coming', 'off')),
  -- Who of the partner asked; NULL: they came by themselves.
  asked_by      TEXT,
  asked_at      INTEGER NOT NULL,
  asks          INTEGER NOT NULL DEFAULT 1 CHECK (asks >= 1),
  confirm_hash  TEXT NOT NULL UNIQUE,
  confirm_until INTEGER NOT NULL,
  confirmed_at  INTEGER,
  off_at        INTEGER,
  -- The last SEQUENCE that was sent; NULL: nothing was.
  sequence      INTEGER CHECK (sequence >= 0),
  -- When, where and how, as their calendar has it (JSON); NULL: it has no entry.
  told          TEXT,
  -- The first change that their calendar was not told of, and when it will be.
  changed_at    INTEGER,
  due_at        INTEGER,
  UNIQUE (event, original, email),
  CHECK ((changed_at IS NULL) = (due_at IS NULL)),
  CHECK (state <> 'coming' OR confirmed_at IS NOT NULL),
  CHECK (told IS NULL OR sequence IS NOT NULL)
) STRICT;

CREATE INDEX guests_due ON guests (due_at) WHERE due_at IS NOT NULL;

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

CREATE TABLE letter_events (
  event  TEXT NOT NULL REFERENCES events (id),
  letter INTEGER NOT NULL REFERENCES outbox (id) ON DELETE CASCADE,
  PRIMARY KEY (event, letter)
) STRICT, WITHOUT ROWID;

CREATE INDEX letter_events_by_letter ON letter_events (letter);

CREATE TRIGGER member_cohorts_added AFTER INSERT ON member_cohorts BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TRIGGER member_cohorts_changed AFTER UPDATE ON member_cohorts BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TRIGGER member_cohorts_removed AFTER DELETE ON member_cohorts BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TABLE member_cohorts (
  team     TEXT NOT NULL,
  position INTEGER NOT NULL,
  cohort   TEXT NOT NULL REFERENCES cohorts (slug) ON DELETE CASCADE,
  PRIMARY KEY (team, position, cohort),
  FOREIGN KEY (team, position) REFERENCES members (team, position) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TRIGGER members_added AFTER INSERT ON members BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TRIGGER members_changed AFTER UPDATE ON members BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TRIGGER members_removed AFTER DELETE ON members BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TABLE members (
  team     TEXT NOT NULL REFERENCES teams (slug) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  name     TEXT NOT NULL,
  role     TEXT NOT NULL REFERENCES roles (slug),
  PRIMARY KEY (team, position)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER meta_added AFTER INSERT ON meta BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TRIGGER meta_changed AFTER UPDATE ON meta BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TRIGGER meta_removed AFTER DELETE ON meta BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TABLE meta (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

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
  letter      INTEGER REFERENCES outbox (id), told INTEGER NOT NULL DEFAULT 0 CHECK (told IN (0, 1)),
  CHECK ((event IS NULL) <> (source IS NULL)),
  CHECK (letter IS NULL OR settled_at IS NOT NULL)
) STRICT;

CREATE INDEX notices_by_letter ON notices (letter) WHERE letter IS NOT NULL;

CREATE INDEX notices_told ON notices (email, topic) WHERE told = 1;

CREATE UNIQUE INDEX notices_waiting ON notices (email, topic) WHERE settled_at IS NULL;

CREATE TRIGGER observances_added AFTER INSERT ON observances BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TRIGGER observances_changed AFTER UPDATE ON observances BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TRIGGER observances_removed AFTER DELETE ON observances BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TABLE observances (
  id              INTEGER PRIMARY KEY,
  name            TEXT NOT NULL,
  first_day       TEXT NOT NULL,
  last_day        TEXT NOT NULL CHECK (last_day >= first_day),
  kind            TEXT NOT NULL CHECK (kind IN ('federal', 'civic', 'election', 'season', 'religious', 'cultural', 'clock_change')),
  tier            TEXT NOT NULL CHECK (tier IN ('avoid', 'caution', 'note')),
  from_sunset     INTEGER NOT NULL CHECK (from_sunset IN (0, 1)),
  work_restricted INTEGER NOT NULL CHECK (work_restricted IN (0, 1)),
  state           TEXT,
  certainty       TEXT NOT NULL CHECK (certainty IN ('exact', 'plus-minus-1', 'may-move')),
  alternate       TEXT
) STRICT;

CREATE INDEX observances_by_day ON observances (first_day);

CREATE TABLE occurrences (
  event     TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
  original  TEXT NOT NULL,
  starts_at INTEGER NOT NULL,
  ends_at   INTEGER NOT NULL CHECK (ends_at >= starts_at),
  all_day   INTEGER NOT NULL CHECK (all_day IN (0, 1)),
  starts    TEXT NOT NULL,
  ends      TEXT,
  title     TEXT,
  cancelled INTEGER NOT NULL CHECK (cancelled IN (0, 1)),
  PRIMARY KEY (event, original)
) STRICT, WITHOUT ROWID;

CREATE INDEX occurrences_by_length ON occurrences (ends_at - starts_at);

CREATE INDEX occurrences_by_start ON occurrences (starts_at);

CREATE TABLE outbox (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  idem         TEXT NOT NULL UNIQUE,
  kind         TEXT NOT NULL,
  priority     INTEGER NOT NULL,
  subscription INTEGER REFERENCES subscriptions (id),
  event        TEXT REFERENCES events (id),
  sender       TEXT NOT NULL,
  recipient    TEXT NOT NULL,
  subject      TEXT NOT NULL,
  message_id   TEXT NOT NULL UNIQUE,
  mail         BLOB NOT NULL,
  state        TEXT NOT NULL CHECK (state IN ('ready', 'sending', 'sent', 'failed', 'unknown', 'withdrawn')),
  at_dot       INTEGER NOT NULL DEFAULT 0 CHECK (at_dot IN (0, 1)),
  resent       INTEGER NOT NULL DEFAULT 0,
  attempts     INTEGER NOT NULL DEFAULT 0,
  next_at      INTEGER NOT NULL,
  not_after    INTEGER NOT NULL,
  code         INTEGER,
  reply        TEXT,
  created_at   INTEGER NOT NULL,
  done_at      INTEGER
, order_key TEXT, order_seq INTEGER, name TEXT) STRICT;

CREATE INDEX outbox_busy ON outbox (id) WHERE state = 'sending';

CREATE INDEX outbox_by_name ON outbox (name) WHERE name IS NOT NULL;

CREATE INDEX outbox_by_recipient ON outbox (recipient, created_at);

CREATE INDEX outbox_done ON outbox (done_at) WHERE done_at IS NOT NULL AND length(mail) > 0;

CREATE INDEX outbox_due ON outbox (priority, next_at, id) WHERE state = 'ready';

CREATE INDEX outbox_expiry ON outbox (not_after) WHERE state = 'ready';

CREATE INDEX outbox_order ON outbox (order_key, order_seq) WHERE order_key IS NOT NULL;

CREATE INDEX outbox_settled ON outbox (done_at) WHERE done_at IS NOT NULL;

CREATE TABLE overrides (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  fingerprint TEXT NOT NULL,
  facts       TEXT NOT NULL,
  -- The finding as it was decided on.
  about       TEXT,
  by_name     TEXT NOT NULL,
  by_email    TEXT NOT NULL,
  at          INTEGER NOT NULL,
  reason      TEXT NOT NULL CHECK (reason <> ''),
  -- From this day on it holds no longer; the instant at which that day begins.
  expires     TEXT,
  zone        TEXT,
  lapses_at   INTEGER,
  ended_at    INTEGER,
  ended       TEXT CHECK (ended IN ('expired', 'withdrawn', 'replaced')),
  ended_by    TEXT,
  CHECK ((expires IS NULL) = (zone IS NULL) AND (expires IS NULL) = (lapses_at IS NULL)),
  CHECK ((ended_at IS NULL) = (ended IS NULL))
) STRICT;

CREATE INDEX overrides_expiring ON overrides (lapses_at) WHERE ended_at IS NULL AND lapses_at IS NOT NULL;

CREATE UNIQUE INDEX overrides_standing ON overrides (fingerprint) WHERE ended_at IS NULL;

CREATE TRIGGER partners_added AFTER INSERT ON partners BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TRIGGER partners_changed AFTER UPDATE ON partners BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TRIGGER partners_removed AFTER DELETE ON partners BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TABLE partners (
  slug       TEXT PRIMARY KEY,
  name       TEXT NOT NULL CHECK (name <> ''),
  url        TEXT,
  created_at INTEGER NOT NULL
, contact TEXT) STRICT, WITHOUT ROWID;

CREATE TRIGGER patterns_added AFTER INSERT ON patterns BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TRIGGER patterns_changed AFTER UPDATE ON patterns BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TRIGGER patterns_removed AFTER DELETE ON patterns BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TABLE patterns (
  position INTEGER PRIMARY KEY,
  body     TEXT NOT NULL
) STRICT;

CREATE TABLE pauses (
  scope  TEXT PRIMARY KEY,
  cause  TEXT NOT NULL CHECK (cause IN ('away', 'refuses', 'rate')),
  since  INTEGER NOT NULL,
  until  INTEGER NOT NULL,
  step   INTEGER NOT NULL,
  reason TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER people_added AFTER INSERT ON people BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TRIGGER people_changed AFTER UPDATE ON people BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TRIGGER people_removed AFTER DELETE ON people BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TABLE people (
  slug TEXT PRIMARY KEY,
  name TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER policies_added AFTER INSERT ON policies BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TRIGGER policies_changed AFTER UPDATE ON policies BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TRIGGER policies_removed AFTER DELETE ON policies BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TABLE policies (
  id       INTEGER PRIMARY KEY,
  partner  TEXT UNIQUE REFERENCES partners (slug) ON DELETE CASCADE,
  event    TEXT UNIQUE REFERENCES events (id) ON DELETE CASCADE,
  body     TEXT NOT NULL,
  revision INTEGER NOT NULL CHECK (revision >= 1),
  CHECK ((partner IS NULL) <> (event IS NULL))
) STRICT;

CREATE TABLE policy_changes (
  seq     INTEGER PRIMARY KEY AUTOINCREMENT,
  at      INTEGER NOT NULL,
  partner TEXT REFERENCES partners (slug) ON DELETE CASCADE,
  event   TEXT REFERENCES events (id) ON DELETE CASCADE,
  actor   TEXT NOT NULL,
  reason  TEXT,
  before  TEXT NOT NULL,
  after   TEXT NOT NULL,
  CHECK ((partner IS NULL) <> (event IS NULL))
) STRICT;

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

CREATE TABLE readings (
  id        INTEGER PRIMARY KEY AUTOINCREMENT,
  source    INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
  at        INTEGER NOT NULL,
  took_ms   INTEGER NOT NULL,
  outcome   TEXT NOT NULL CHECK (outcome IN ('read', 'not_modified', 'failed')),
  new       INTEGER NOT NULL,
  changed   INTEGER NOT NULL,
  unchanged INTEGER NOT NULL,
  gone      INTEGER NOT NULL,
  refused   INTEGER NOT NULL,
  message   TEXT
, held INTEGER NOT NULL DEFAULT 0) STRICT;

CREATE INDEX readings_by_source ON readings (source, id);

CREATE TABLE revisions (
  name       TEXT PRIMARY KEY,
  value      INTEGER NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER roles_added AFTER INSERT ON roles BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TRIGGER roles_changed AFTER UPDATE ON roles BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TRIGGER roles_removed AFTER DELETE ON roles BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TABLE roles (
  slug   TEXT PRIMARY KEY,
  name   TEXT NOT NULL,
  parent TEXT REFERENCES roles (slug)
) STRICT, WITHOUT ROWID;

CREATE TABLE sign_ins (
  token_hash TEXT PRIMARY KEY,
  email      TEXT NOT NULL REFERENCES users (email) ON DELETE CASCADE,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at    INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX sign_ins_by_email ON sign_ins (email, created_at);

CREATE TABLE source_choices (
  id       INTEGER PRIMARY KEY AUTOINCREMENT,
  event    TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
  chosen   TEXT NOT NULL CHECK (chosen <> ''),
  by_name  TEXT NOT NULL,
  by_email TEXT,
  at       INTEGER NOT NULL,
  reason   TEXT NOT NULL CHECK (reason <> '')
) STRICT;

CREATE INDEX source_choices_by_event ON source_choices (event, id);

CREATE TABLE source_events (
  source       INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
  event        TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
  withdrawn_at INTEGER,
  -- Somebody of the partner decided that it stays.
  kept_at      INTEGER,
  PRIMARY KEY (source, event)
) STRICT, WITHOUT ROWID;

CREATE INDEX source_events_by_event ON source_events (event);

CREATE TABLE source_roles (
  source INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
  role   TEXT NOT NULL REFERENCES roles (slug),
  PRIMARY KEY (source, role)
) STRICT, WITHOUT ROWID;

CREATE TABLE sources (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  partner       TEXT NOT NULL REFERENCES partners (slug),
  name          TEXT NOT NULL CHECK (name <> ''),
  -- NULL: it was uploaded, and is not read again by itself. It may hold a secret: only its host is ever shown.
  address       TEXT UNIQUE,
  time_zone     TEXT NOT NULL,
  mode          TEXT CHECK (mode IN ('in_person', 'virtual', 'hybrid')),
  every         INTEGER NOT NULL CHECK (every > 0),
  etag          TEXT,
  last_modified TEXT,
  next_at       INTEGER CHECK ((next_at IS NULL) = (address IS NULL)),
  failing_since INTEGER,
  failures      INTEGER NOT NULL DEFAULT 0 CHECK ((failures = 0) = (failing_since IS NULL)),
  told_at       INTEGER,
  created_at    INTEGER NOT NULL, paused_at INTEGER, revision INTEGER NOT NULL DEFAULT 1 CHECK (revision >= 1), calendar TEXT,
  UNIQUE (partner, name)
) STRICT;

CREATE INDEX sources_due ON sources (next_at) WHERE next_at IS NOT NULL;

CREATE TABLE subscription_partners (
  subscription INTEGER NOT NULL REFERENCES subscriptions (id) ON DELETE CASCADE,
  partner      TEXT NOT NULL REFERENCES partners (slug),
  PRIMARY KEY (subscription, partner)
) STRICT, WITHOUT ROWID;

CREATE TABLE subscription_places (
  subscription INTEGER NOT NULL REFERENCES subscriptions (id) ON DELETE CASCADE,
  place        TEXT NOT NULL CHECK (place <> ''),
  PRIMARY KEY (subscription, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE subscription_roles (
  subscription INTEGER NOT NULL REFERENCES subscriptions (id) ON DELETE CASCADE,
  role         TEXT NOT NULL REFERENCES roles (slug),
  PRIMARY KEY (subscription, role)
) STRICT, WITHOUT ROWID;

CREATE TABLE subscriptions (
  id              INTEGER PRIMARY KEY AUTOINCREMENT,
  email           TEXT NOT NULL,
  time_zone       TEXT NOT NULL,
  hour            INTEGER NOT NULL CHECK (hour BETWEEN 0 AND 23),
  state           TEXT NOT NULL CHECK (state IN ('pending', 'active', 'ended')),
  confirm_hash    TEXT NOT NULL UNIQUE,
  confirm_until   INTEGER NOT NULL,
  created_at      INTEGER NOT NULL,
  confirmed_at    INTEGER,
  ended_at        INTEGER,
  watermark       INTEGER NOT NULL DEFAULT 0,
  next_due        INTEGER
, frequency TEXT NOT NULL DEFAULT 'weekly'
  CHECK (frequency IN ('at_once', 'daily', 'weekly', 'monthly'))) STRICT;

CREATE INDEX subscriptions_by_email ON subscriptions (email);

CREATE INDEX subscriptions_due ON subscriptions (next_due) WHERE state = 'active';

CREATE TABLE suppressions (
  address  TEXT PRIMARY KEY,
  reason   TEXT NOT NULL CHECK (reason IN ('hard', 'soft', 'asked')),
  evidence TEXT NOT NULL,
  since    INTEGER NOT NULL,
  until    INTEGER
) STRICT, WITHOUT ROWID;

CREATE TRIGGER teams_added AFTER INSERT ON teams BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TRIGGER teams_changed AFTER UPDATE ON teams BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TRIGGER teams_removed AFTER DELETE ON teams BEGIN
  UPDATE revisions SET value = value + 1 WHERE name = 'setting';
END;

CREATE TABLE teams (
  slug      TEXT PRIMARY KEY,
  name      TEXT NOT NULL,
  state     TEXT,
  time_zone TEXT NOT NULL,
  lat       REAL,
  lon       REAL
) STRICT, WITHOUT ROWID;

CREATE TABLE tokens (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  email      TEXT NOT NULL REFERENCES users (email) ON DELETE CASCADE,
  token_hash TEXT NOT NULL UNIQUE,
  scope      TEXT NOT NULL CHECK (scope IN ('read', 'write')),
  created_at INTEGER NOT NULL,
  revoked_at INTEGER
) STRICT;

CREATE TABLE undated (
  id INTEGER PRIMARY KEY,
  partner TEXT NOT NULL REFERENCES partners (slug),
  title TEXT NOT NULL CHECK (title <> ''),
  year INTEGER CHECK (year BETWEEN 1970 AND 2199),
  month INTEGER CHECK (month BETWEEN 1 AND 12),
  city TEXT,
  state TEXT,
  roles TEXT NOT NULL DEFAULT '', -- slugs with blanks between
  url TEXT,
  note TEXT NOT NULL DEFAULT '',
  entered_at INTEGER NOT NULL,
  UNIQUE (partner, title),
  CHECK (month IS NULL OR year IS NOT NULL)
) STRICT;

CREATE TABLE upload_roles (
  upload TEXT NOT NULL REFERENCES uploads (id) ON DELETE CASCADE,
  role   TEXT NOT NULL REFERENCES roles (slug),
  PRIMARY KEY (upload, role)
) STRICT, WITHOUT ROWID;

CREATE TABLE uploads (
  id         TEXT PRIMARY KEY,
  email      TEXT NOT NULL REFERENCES users (email) ON DELETE CASCADE,
  partner    TEXT NOT NULL REFERENCES partners (slug) ON DELETE CASCADE,
  name       TEXT NOT NULL CHECK (name <> ''),
  time_zone  TEXT NOT NULL,
  mode       TEXT CHECK (mode IN ('in_person', 'virtual', 'hybrid')),
  content    BLOB NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX uploads_by_email ON uploads (email, created_at);

CREATE TABLE users (
  email      TEXT PRIMARY KEY,
  name       TEXT NOT NULL,
  created_at INTEGER NOT NULL
, partner TEXT REFERENCES partners (slug), role TEXT NOT NULL DEFAULT 'organizer'
  CHECK (role IN ('organizer', 'partner_admin', 'operator', 'team_lead')), team TEXT REFERENCES teams (slug) ON DELETE CASCADE
  CHECK ((team IS NULL) <> (partner IS NULL) AND (team IS NOT NULL) = (role = 'team_lead'))) STRICT, WITHOUT ROWID;

CREATE INDEX users_by_team ON users (team) WHERE team IS NOT NULL;

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
