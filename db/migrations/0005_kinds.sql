-- When large convenings usually are: an expectation, never a fact; the whole table is replaced when the data ships anew (meta 'patterns').
CREATE TABLE patterns (
  position INTEGER PRIMARY KEY,
  body     TEXT NOT NULL
) STRICT;

-- What is public of a partner by its name: is this year's convening of a pattern announced?
CREATE INDEX events_by_partner ON events (partner, status, title);
