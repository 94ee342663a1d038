-- What a partner has announced without dates: a month, a year, or neither.
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
