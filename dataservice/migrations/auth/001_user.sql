-- Who may log in. status is the semantic lock: whoever finds anything but ACTIVE waits for the saga
-- that holds it.
CREATE TABLE IF NOT EXISTS user (
    id            BINARY(16)   NOT NULL,
    login_id      VARCHAR(32)  NOT NULL COMMENT 'lower case',
    password_hash VARCHAR(127) NOT NULL COMMENT 'PHC string',
    status        VARCHAR(16)  NOT NULL COMMENT 'SIGNUP_PENDING ACTIVE WITHDRAW_PENDING',
    created_at    DATETIME(6)  NOT NULL,
    updated_at    DATETIME(6)  NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY login_id (login_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
