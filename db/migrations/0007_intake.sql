-- Calendars and tables that somebody uploaded and has not yet said yes or no to: few, small, and gone after a day.

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

-- Whom its events are for where they do not say.
CREATE TABLE upload_roles (
  upload TEXT NOT NULL REFERENCES uploads (id) ON DELETE CASCADE,
  role   TEXT NOT NULL REFERENCES roles (slug),
  PRIMARY KEY (upload, role)
) STRICT, WITHOUT ROWID;

-- A calendar that is not read for now; and how often its settings were changed, for whoever edits it.
ALTER TABLE sources ADD COLUMN paused_at INTEGER;
ALTER TABLE sources ADD COLUMN revision INTEGER NOT NULL DEFAULT 1 CHECK (revision >= 1);
