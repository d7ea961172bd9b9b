-- Which operations undo a payment was told by their reason, which is a store's own text as well.
ALTER TABLE payment_operation
    ADD COLUMN IF NOT EXISTS reverses TINYINT NOT NULL DEFAULT 0 COMMENT 'a payment that is undone asks for it';
-- next
UPDATE payment_operation SET reverses = 1 WHERE reason = 'reversed' AND state IN ('REQUESTED', 'UNASKED');
