-- What events name as the calendar that gave them, where its host alone is what another one of the partner's is called.
ALTER TABLE sources ADD COLUMN calendar TEXT;
