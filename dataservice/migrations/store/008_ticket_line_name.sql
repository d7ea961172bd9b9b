-- What each product was called when it was ordered. A release before this one inserts without it.
ALTER TABLE ticket_line ADD COLUMN IF NOT EXISTS name VARCHAR(60) NOT NULL DEFAULT '' COMMENT 'empty: nobody has said';
