-- Where replies to letters about a partner's plans go.
ALTER TABLE partners ADD COLUMN contact TEXT;
