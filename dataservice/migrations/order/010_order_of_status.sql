-- For lists of one status, newest first.
ALTER TABLE orders ADD KEY IF NOT EXISTS status_line (status, created_at, id);
