-- Who sells. A list is a walk of one of these indexes: (what it is of, name, id).
CREATE TABLE IF NOT EXISTS store (
    id                 BINARY(16)  NOT NULL,
    owner_id           BINARY(16)  NOT NULL,
    name               VARCHAR(60) NOT NULL,
    open               TINYINT     NOT NULL COMMENT 'takes orders',
    auto_accept        TINYINT     NOT NULL,
    approve_unanswered TINYINT     NOT NULL COMMENT 'what it does not answer of a cancellation is a yes',
    version            BIGINT      NOT NULL,
    created_at         DATETIME(6) NOT NULL,
    updated_at         DATETIME(6) NOT NULL,
    PRIMARY KEY (id),
    KEY by_name (name, id),
    KEY opened (open, name, id),
    KEY mine (owner_id, name, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
-- next
-- An order as its store has it. version is raised by each change, and each has its event. accept_by never
-- moves, answer_by is of the question that was asked last; look_at is when the timer looks at the row
-- next. One that was canceled before its order was heard of has zeros for the ids that it does not know.
CREATE TABLE IF NOT EXISTS ticket (
    order_id       BINARY(16)  NOT NULL,
    order_num      VARCHAR(24) NOT NULL,
    store_id       BINARY(16)  NOT NULL,
    owner_id       BINARY(16)  NOT NULL COMMENT 'of the store, then',
    user_id        BINARY(16)  NOT NULL COMMENT 'who ordered',
    status         VARCHAR(15) NOT NULL COMMENT 'RECEIVED ACCEPTED COOKING READY PICKED_UP REJECTED CANCELED',
    cancel_asked   TINYINT     NOT NULL COMMENT 'and not answered yet',
    cancel_saga_id BINARY(16)  NULL     COMMENT 'that asked last',
    accept_by      DATETIME(6) NOT NULL,
    answer_by      DATETIME(6) NOT NULL,
    look_at        DATETIME(6) NOT NULL,
    minutes        INT         NOT NULL,
    reason         VARCHAR(47) NOT NULL,
    version        BIGINT      NOT NULL,
    created_at     DATETIME(6) NOT NULL,
    updated_at     DATETIME(6) NOT NULL,
    PRIMARY KEY (order_id),
    KEY newest (store_id, created_at, order_id),
    KEY by_status (store_id, status, created_at, order_id),
    KEY unanswered (status, look_at),
    KEY asked (cancel_asked, look_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
-- next
-- What it is of.
CREATE TABLE IF NOT EXISTS ticket_line (
    id         BINARY(16) NOT NULL,
    order_id   BINARY(16) NOT NULL,
    seq        INT        NOT NULL,
    product_id BINARY(16) NOT NULL,
    quantity   INT        NOT NULL,
    unit_price BIGINT     NOT NULL COMMENT 'minor units of currency',
    currency   CHAR(3)    NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY order_seq (order_id, seq)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
