-- Events that could not be handled, and, parked behind them, later ones of the same key
-- (tool/event/dead_letter.h). In the order of seq; payload is the event's data as it came.
CREATE TABLE IF NOT EXISTS dead_letter (
    seq         BIGINT       NOT NULL AUTO_INCREMENT,
    id          BINARY(16)   NOT NULL COMMENT 'of the event',
    `key`       BINARY(16)   NOT NULL COMMENT 'whose events are in order; zero = not known',
    state       VARCHAR(15)  NOT NULL COMMENT 'DEAD or PARKED',
    in_order    TINYINT      NOT NULL COMMENT 'later ones of its key park behind it',
    type        VARCHAR(63)  NOT NULL,
    reason      VARCHAR(255) NOT NULL,
    attempts    INT          NOT NULL,
    part        INT          NOT NULL,
    stream_seq  BIGINT       NOT NULL,
    source      VARCHAR(63)  NOT NULL,
    traceparent VARCHAR(55)  NOT NULL,
    payload     TEXT         NOT NULL,
    said_at     DATETIME(6)  NOT NULL COMMENT 'when it happened',
    created_at  DATETIME(6)  NOT NULL,
    PRIMARY KEY (seq),
    UNIQUE KEY id (id),
    KEY key_seq (`key`, seq)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
