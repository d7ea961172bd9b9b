-- Lists by status, of everybody's orders, which administrators ask for. Of both tables, which may change their names
-- in between: so the first one is asked again.
ALTER TABLE dashboard ADD KEY IF NOT EXISTS by_status (status, ordered_at, order_id);
-- next
ALTER TABLE dashboard_next ADD KEY IF NOT EXISTS by_status (status, ordered_at, order_id);
-- next
ALTER TABLE dashboard ADD KEY IF NOT EXISTS by_status (status, ordered_at, order_id);
