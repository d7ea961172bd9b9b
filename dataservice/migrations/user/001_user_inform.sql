-- What users tell about themselves. email is as typed; email_key, lower-cased, is what may exist once.
CREATE TABLE IF NOT EXISTS user_inform (
    user_id    BINARY(16)   NOT NULL,
    name       VARCHAR(64)  NOT NULL,
    email      VARCHAR(254) NOT NULL,
    email_key  VARCHAR(254) NOT NULL,
    phone      VARCHAR(16)  NOT NULL COMMENT 'optional +, 7 to 15 digits',
    version    BIGINT       NOT NULL COMMENT 'raised by each change: the ETag',
    created_at DATETIME(6)  NOT NULL,
    updated_at DATETIME(6)  NOT NULL,
    PRIMARY KEY (user_id),
    UNIQUE KEY email_key (email_key)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
