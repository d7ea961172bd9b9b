-- Until when who has it is to pick up what is ready; then it is for another. look_at is when the timer looks at
-- the row next. A release before this one changes rows without them.
ALTER TABLE delivery ADD COLUMN IF NOT EXISTS pickup_by DATETIME(6) NULL, ADD COLUMN IF NOT EXISTS look_at DATETIME(6) NULL,
    ADD KEY IF NOT EXISTS unfetched (status, ready, look_at);
-- next
UPDATE delivery SET pickup_by = NOW(6) + INTERVAL 30 MINUTE, look_at = NOW(6) + INTERVAL 30 MINUTE
 WHERE status = 'STARTED' AND ready = 1 AND pickup_by IS NULL;
