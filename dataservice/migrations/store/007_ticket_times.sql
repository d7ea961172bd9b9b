-- When a ticket was accepted, and when it was ready: updated_at moves on. A release before this one inserts without them.
ALTER TABLE ticket ADD COLUMN IF NOT EXISTS accepted_at DATETIME(6) NULL, ADD COLUMN IF NOT EXISTS cooked_at DATETIME(6) NULL;
