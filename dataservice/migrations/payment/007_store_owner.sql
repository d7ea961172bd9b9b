-- Whose a store is, as the store service says: who may read its payments and give money back.
CREATE TABLE IF NOT EXISTS store_owner (
    store_id BINARY(16) NOT NULL,
    owner_id BINARY(16) NOT NULL,
    version  BIGINT     NOT NULL COMMENT 'of the store',
    PRIMARY KEY (store_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
-- next
ALTER TABLE payment ADD KEY IF NOT EXISTS of_store (store_id, created_at, id);
