-- What stores sell. A list is a walk of one of these indexes: (what it is sorted by, id).
CREATE TABLE IF NOT EXISTS `product` (
    id         BINARY(16)  NOT NULL,
    store_id   BINARY(16)  NOT NULL,
    name       VARCHAR(60) NOT NULL,
    category   VARCHAR(40) NOT NULL,
    price      BIGINT      NOT NULL COMMENT 'minor units of currency',
    currency   CHAR(3)     NOT NULL,
    status     VARCHAR(15) NOT NULL,
    version    BIGINT      NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,
    PRIMARY KEY (id),
    KEY by_name (name, id),
    KEY by_price (price, id),
    KEY by_created (created_at, id),
    KEY store_name (store_id, name, id),
    KEY store_price (store_id, price, id),
    KEY store_created (store_id, created_at, id),
    KEY category_name (category, name, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
-- next
-- What lies on a store's shelf; how many there are is in the slot of the same id. on_hand and available
-- are what was told last.
CREATE TABLE IF NOT EXISTS `item` (
    id         BINARY(16)  NOT NULL,
    store_id   BINARY(16)  NOT NULL,
    sku        VARCHAR(40) NOT NULL,
    name       VARCHAR(60) NOT NULL,
    on_hand    BIGINT      NOT NULL,
    available  BIGINT      NOT NULL,
    version    BIGINT      NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY store_sku (store_id, sku)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
-- next
-- What a product is made of.
CREATE TABLE IF NOT EXISTS `product_item` (
    id         BINARY(16) NOT NULL,
    product_id BINARY(16) NOT NULL,
    line       BIGINT     NOT NULL COMMENT '0, 1 ...: as it was said',
    item_id    BINARY(16) NOT NULL,
    quantity   BIGINT     NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY product_item (product_id, item_id),
    KEY item (item_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
-- next
-- What came to a shelf or went, but for what was sold: the sum of an item's is the total of its slot.
CREATE TABLE IF NOT EXISTS `stock_movement` (
    id         BINARY(16)  NOT NULL,
    item_id    BINARY(16)  NOT NULL,
    user_id    BINARY(16)  NOT NULL,
    delta      BIGINT      NOT NULL,
    reason     VARCHAR(47) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    PRIMARY KEY (id),
    KEY item (item_id, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
-- next
-- Whose a store is, and whether it sells now. One without a row is open, and nobody's.
CREATE TABLE IF NOT EXISTS `store_open` (
    store_id BINARY(16) NOT NULL,
    owner_id BINARY(16) NOT NULL,
    open     TINYINT    NOT NULL,
    version  BIGINT     NOT NULL,
    PRIMARY KEY (store_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
