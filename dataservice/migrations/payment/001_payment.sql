-- The payment of each order, and what the provider is asked for it: written before it is asked.
CREATE TABLE IF NOT EXISTS payment (
    id               BINARY(16)  NOT NULL,
    order_id         BINARY(16)  NOT NULL,
    user_id          BINARY(16)  NOT NULL,
    store_id         BINARY(16)  NOT NULL,
    saga_id          BINARY(16)  NULL COMMENT 'that wanted it authorized last',
    authorization_id BINARY(16)  NULL COMMENT 'the operation by which money may be held',
    amount           BIGINT      NOT NULL COMMENT 'minor units, like all amounts',
    currency         CHAR(3)     NOT NULL,
    status           VARCHAR(31) NOT NULL,
    capturing        BIGINT      NOT NULL COMMENT 'asked and not declined',
    captured         BIGINT      NOT NULL,
    refunding        BIGINT      NOT NULL COMMENT 'asked and not declined',
    refunded         BIGINT      NOT NULL,
    reason           VARCHAR(47) NOT NULL,
    expires_at       DATETIME(6) NOT NULL,
    look_at          DATETIME(6) NOT NULL,
    version          BIGINT      NOT NULL,
    created_at       DATETIME(6) NOT NULL,
    updated_at       DATETIME(6) NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY order_id (order_id),
    KEY of_user (user_id, created_at, id),
    KEY of_status (status, look_at),
    KEY line (created_at, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
-- next
CREATE TABLE IF NOT EXISTS payment_operation (
    id         BINARY(16)  NOT NULL COMMENT 'its key at the provider',
    payment_id BINARY(16)  NOT NULL,
    order_id   BINARY(16)  NOT NULL,
    kind       VARCHAR(15) NOT NULL,
    state      VARCHAR(15) NOT NULL,
    amount     BIGINT      NOT NULL,
    currency   CHAR(3)     NOT NULL,
    method     VARCHAR(63) NOT NULL,
    of         BINARY(16)  NULL COMMENT 'the authorization',
    reason     VARCHAR(47) NOT NULL,
    booked     TINYINT     NOT NULL COMMENT 'it is in the provider''s own book, as it is here',
    asked_at   DATETIME(6) NOT NULL COMMENT 'the last time that the provider was to be asked',
    due_at     DATETIME(6) NOT NULL,
    look_at    DATETIME(6) NOT NULL,
    version    BIGINT      NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,
    PRIMARY KEY (id),
    KEY of_payment (payment_id, created_at, id),
    KEY of_state (state, look_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
-- next
-- The service's user may add rows and read them, nothing else (deploy/mysql/schema.sh).
CREATE TABLE IF NOT EXISTS ledger_entry (
    id             BINARY(16)  NOT NULL,
    transaction_id BINARY(16)  NOT NULL COMMENT 'the operation; its entries sum to 0',
    seq            INT         NOT NULL,
    account        VARCHAR(63) NOT NULL,
    amount         BIGINT      NOT NULL,
    currency       CHAR(3)     NOT NULL,
    at             DATETIME(6) NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY once (transaction_id, seq),
    KEY balance (account, currency, amount),
    KEY line (at, id),
    KEY of_account (account, at, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
-- next
CREATE TABLE IF NOT EXISTS webhook_event (
    id           BINARY(16)  NOT NULL,
    provider     VARCHAR(31) NOT NULL,
    event_id     VARCHAR(79) NOT NULL,
    operation_id BINARY(16)  NOT NULL,
    created_at   DATETIME(6) NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY once (provider, event_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
-- next
CREATE TABLE IF NOT EXISTS book_difference (
    id           BINARY(16)  NOT NULL COMMENT 'of the operation',
    provider_key VARCHAR(64) NOT NULL,
    what         VARCHAR(31) NOT NULL,
    created_at   DATETIME(6) NOT NULL,
    PRIMARY KEY (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
