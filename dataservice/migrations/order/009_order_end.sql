-- When an order came to its end; updated_at moves on with its payment. A release before this one inserts without it.
ALTER TABLE orders ADD COLUMN IF NOT EXISTS ended_at DATETIME(6) NULL COMMENT 'NULL: it has not ended';
-- next
UPDATE orders SET ended_at = updated_at WHERE ended_at IS NULL AND status IN ('REJECTED', 'CANCELED', 'COMPLETED');
