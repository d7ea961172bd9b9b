-- For lists of one status, newest first: everybody's, and a store's.
ALTER TABLE payment ADD KEY IF NOT EXISTS status_line (status, created_at, id),
    ADD KEY IF NOT EXISTS store_of_status (store_id, status, created_at, id);
