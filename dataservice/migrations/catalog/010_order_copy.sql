-- Orders as the order service says they are, each as of its latest version that was heard.
CREATE TABLE IF NOT EXISTS `order_copy` (
    order_id  BINARY(16)    NOT NULL,
    user_id   BINARY(16)    NOT NULL,
    store_id  BINARY(16)    NOT NULL,
    order_num VARCHAR(24)   NOT NULL,
    status    VARCHAR(23)   NOT NULL,
    `lines`   VARCHAR(3000) NOT NULL COMMENT 'JSON',
    total     BIGINT        NOT NULL,
    currency  CHAR(3)       NOT NULL,
    version   BIGINT        NOT NULL,
    as_of     DATETIME(6)   NOT NULL,
    PRIMARY KEY (order_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
