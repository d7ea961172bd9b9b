-- Orders: what somebody wants of a store. version is raised by each change, and each has its event and
-- its row of history. pay_by never moves; look_at is when the timer looks at the row next. method is the
-- payment provider's token until it was used.
CREATE TABLE IF NOT EXISTS orders (
    id             BINARY(16)  NOT NULL,
    order_num      VARCHAR(24) NOT NULL,
    user_id        BINARY(16)  NOT NULL,
    store_id       BINARY(16)  NOT NULL,
    total          BIGINT      NOT NULL COMMENT 'minor units of currency',
    currency       CHAR(3)     NOT NULL,
    status         VARCHAR(23) NOT NULL COMMENT 'PENDING AWAITING_PAYMENT PAYING CONFIRMED CANCEL_PENDING REJECTED CANCELED COMPLETED',
    before_cancel  VARCHAR(23) NOT NULL,
    payment_status VARCHAR(23) NOT NULL,
    pay_by         DATETIME(6) NOT NULL,
    look_at        DATETIME(6) NOT NULL,
    method         VARCHAR(63) NOT NULL,
    cancel_asked   TINYINT     NOT NULL,
    reason         VARCHAR(47) NOT NULL,
    saga_id        BINARY(16)  NOT NULL COMMENT 'that placed it: the id of its hold of stock',
    cancel_saga_id BINARY(16)  NULL,
    version        BIGINT      NOT NULL,
    created_at     DATETIME(6) NOT NULL,
    updated_at     DATETIME(6) NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY order_num (order_num),
    KEY mine (user_id, created_at, id),
    KEY newest (created_at, id),
    KEY due (status, look_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
-- next
-- What it is of. charged and name are the catalog's, once it has reserved them.
CREATE TABLE IF NOT EXISTS order_line (
    id         BINARY(16)  NOT NULL,
    order_id   BINARY(16)  NOT NULL,
    seq        INT         NOT NULL,
    product_id BINARY(16)  NOT NULL,
    quantity   INT         NOT NULL,
    unit_price BIGINT      NOT NULL COMMENT 'as it was seen',
    currency   CHAR(3)     NOT NULL,
    charged    BIGINT      NULL     COMMENT 'for one',
    name       VARCHAR(60) NOT NULL,
    note       VARCHAR(95) NOT NULL COMMENT 'why it could not be had',
    PRIMARY KEY (id),
    UNIQUE KEY order_seq (order_id, seq)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
-- next
-- Where it goes: personal, and told to nobody but who delivers it; gone 90 days after the order's end.
CREATE TABLE IF NOT EXISTS order_address (
    order_id  BINARY(16)   NOT NULL,
    name      VARCHAR(64)  NOT NULL,
    phone     VARCHAR(16)  NOT NULL,
    address   VARCHAR(200) NOT NULL,
    forget_at DATETIME(6)  NOT NULL,
    PRIMARY KEY (order_id),
    KEY forget (forget_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
-- next
-- Who did what to it, when and why; seq is the version that it led to.
CREATE TABLE IF NOT EXISTS order_history (
    id          BINARY(16)  NOT NULL,
    order_id    BINARY(16)  NOT NULL,
    seq         BIGINT      NOT NULL,
    at          DATETIME(6) NOT NULL,
    by_whom     VARCHAR(15) NOT NULL COMMENT 'customer admin saga timer event',
    by_id       BINARY(16)  NULL,
    from_status VARCHAR(23) NOT NULL,
    to_status   VARCHAR(23) NOT NULL,
    reason      VARCHAR(47) NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY order_seq (order_id, seq)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
