-- What an order's store or courier has said while it was being canceled, for whoever ends that. A release
-- before this one inserts without it.
ALTER TABLE orders ADD COLUMN IF NOT EXISTS heard VARCHAR(15) NOT NULL DEFAULT 'NOTHING' COMMENT 'NOTHING KEPT DROPPED DELIVERED';
