-- Of which states' city teams an event is only for, as “GA OH”; empty where it is for all.
ALTER TABLE events ADD COLUMN states TEXT NOT NULL DEFAULT '';
