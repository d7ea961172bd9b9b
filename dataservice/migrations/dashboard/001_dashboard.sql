-- How far each order is, as of the latest state of each service that has a part in it: a view, which can be
-- thrown away and is built anew from its owners (hanokctl dashboard rebuild).
CREATE TABLE IF NOT EXISTS `dashboard` (
    order_id        BINARY(16)  NOT NULL,
    user_id         BINARY(16)  NOT NULL,
    store_id        BINARY(16)  NOT NULL,
    order_v         BIGINT      NOT NULL COMMENT 'version of the order, 0: nothing is known of it; likewise the other three',
    order_num       VARCHAR(24) NOT NULL,
    order_status    VARCHAR(23) NOT NULL,
    order_payment   VARCHAR(23) NOT NULL,
    item_name       VARCHAR(60) NOT NULL COMMENT 'of the first line',
    item_qty        BIGINT      NOT NULL,
    order_lines     BIGINT      NOT NULL,
    total           BIGINT      NOT NULL COMMENT 'minor units of currency',
    currency        VARCHAR(3)  NOT NULL,
    order_asked     TINYINT     NOT NULL COMMENT 'its store was asked to cancel it',
    order_reason    VARCHAR(47) NOT NULL,
    ordered_at      DATETIME(6) NOT NULL COMMENT '1970: nothing is known of the order',
    ended_at        DATETIME(6) NULL,
    order_as_of     DATETIME(6) NULL,
    payment_v       BIGINT      NOT NULL,
    payment_status  VARCHAR(23) NOT NULL,
    captured        BIGINT      NOT NULL,
    refunded        BIGINT      NOT NULL,
    payment_reason  VARCHAR(47) NOT NULL,
    paid_at         DATETIME(6) NULL,
    payment_as_of   DATETIME(6) NULL,
    store_v         BIGINT      NOT NULL,
    owner_id        BINARY(16)  NOT NULL,
    ticket_status   VARCHAR(23) NOT NULL,
    ticket_asked    TINYINT     NOT NULL,
    ticket_reason   VARCHAR(47) NOT NULL,
    accepted_at     DATETIME(6) NULL,
    cooked_at       DATETIME(6) NULL,
    ticket_as_of    DATETIME(6) NULL,
    delivery_v      BIGINT      NOT NULL,
    delivery_status VARCHAR(23) NOT NULL,
    picked_up_at    DATETIME(6) NULL,
    delivered_at    DATETIME(6) NULL,
    delivery_as_of  DATETIME(6) NULL,
    status          VARCHAR(31) NOT NULL COMMENT 'what all of them come to',
    changes         BIGINT      NOT NULL,
    PRIMARY KEY (order_id),
    KEY newest (ordered_at, order_id),
    KEY mine (user_id, ordered_at, order_id),
    KEY of_store (store_id, ordered_at, order_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
-- next
-- The same while it is built anew: the two change their names once that is done.
CREATE TABLE IF NOT EXISTS `dashboard_next` LIKE `dashboard`;
-- next
-- Whose a store is, and what it is called.
CREATE TABLE IF NOT EXISTS `shop` (
    store_id BINARY(16)  NOT NULL,
    owner_id BINARY(16)  NOT NULL,
    name     VARCHAR(60) NOT NULL,
    version  BIGINT      NOT NULL,
    PRIMARY KEY (store_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
-- next
-- How far a rebuild is; one row, none before the first.
CREATE TABLE IF NOT EXISTS `rebuild` (
    id         BINARY(16)  NOT NULL,
    state      VARCHAR(15) NOT NULL COMMENT 'IDLE WANTED READING SWAPPING',
    source     BIGINT      NOT NULL,
    after_id   BINARY(16)  NOT NULL,
    items      BIGINT      NOT NULL,
    done       BIGINT      NOT NULL,
    started_at DATETIME(6) NULL,
    ended_at   DATETIME(6) NULL,
    version    BIGINT      NOT NULL,
    PRIMARY KEY (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
