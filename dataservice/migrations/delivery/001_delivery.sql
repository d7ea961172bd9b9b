-- The way of each order to the door, since its store has accepted it.
CREATE TABLE IF NOT EXISTS delivery (
    order_id     BINARY(16)  NOT NULL,
    store_id     BINARY(16)  NOT NULL,
    user_id      BINARY(16)  NOT NULL COMMENT 'who ordered',
    owner_id     BINARY(16)  NOT NULL COMMENT 'of the store',
    courier_id   BINARY(16)  NULL     COMMENT 'who has it',
    status       VARCHAR(15) NOT NULL,
    ready        TINYINT     NOT NULL COMMENT 'to be picked up',
    started_at   DATETIME(6) NULL,
    picked_up_at DATETIME(6) NULL,
    delivered_at DATETIME(6) NULL,
    version      BIGINT      NOT NULL,
    created_at   DATETIME(6) NOT NULL,
    updated_at   DATETIME(6) NOT NULL,
    PRIMARY KEY (order_id),
    KEY of_status (status, created_at, order_id),
    KEY of_courier (courier_id, created_at, order_id),
    KEY line (created_at, order_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
