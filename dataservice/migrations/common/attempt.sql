-- What somebody keeps failing at (tool/throttle), a row a subject: id is a keyed digest of which rule and
-- of whom, so that no name stands here. Removed by a job when it says nothing any more.
CREATE TABLE IF NOT EXISTS attempt (
    id       BINARY(16)   NOT NULL,
    recent   VARCHAR(32)  NOT NULL COMMENT 'failures in the last 16 slots, two hex digits each',
    slot     BIGINT       NOT NULL COMMENT 'number of the newest',
    holds    INT UNSIGNED NOT NULL COMMENT 'in a row',
    until_at DATETIME(6)  NULL     COMMENT 'held until then',
    over_at  DATETIME(6)  NOT NULL COMMENT 'from then on it says nothing any more',
    PRIMARY KEY (id),
    KEY over_at (over_at, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
