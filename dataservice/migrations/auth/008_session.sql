-- Who has logged in and stays so: a row a family of refresh tokens (model/session.h). Of the tokens only
-- the SHA-256 of the newest one's secret is here; seed gives the next secret to who has the present one.
CREATE TABLE IF NOT EXISTS session (
    id           BINARY(16)   NOT NULL,
    user_id      BINARY(16)   NOT NULL,
    generation   BIGINT       NOT NULL COMMENT 'of the token that is good',
    token_hash   VARCHAR(43)  NOT NULL COMMENT 'base64url',
    seed         VARCHAR(43)  NOT NULL COMMENT 'base64url',
    rotations    VARCHAR(88)  NOT NULL COMMENT 'when the last ones were, in hex milliseconds, newest first',
    agent        VARCHAR(100) NOT NULL COMMENT 'User-Agent, the last one',
    address      VARCHAR(63)  NOT NULL COMMENT 'of the client, the last one',
    created_at   DATETIME(6)  NOT NULL,
    last_used_at DATETIME(6)  NOT NULL,
    expires_at   DATETIME(6)  NOT NULL,
    version      BIGINT       NOT NULL,
    PRIMARY KEY (id),
    KEY user_id (user_id),
    KEY expires_at (expires_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
