-- What has happened to each account, one row an event, in the order of its place. Read by user, a page at a time.
CREATE TABLE IF NOT EXISTS `trail` (
    event_id    BINARY(16)    NOT NULL,
    user_id     BINARY(16)    NOT NULL,
    place       DATETIME(6)   NOT NULL COMMENT 'happened_at, or later where one of the same source came before',
    source      VARCHAR(63)   NOT NULL,
    type        VARCHAR(63)   NOT NULL,
    happened_at DATETIME(6)   NOT NULL,
    data        VARCHAR(1023) NOT NULL,
    PRIMARY KEY (event_id),
    KEY line (user_id, place, event_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
