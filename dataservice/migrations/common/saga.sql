-- What crosses services, one row a saga (tool/saga). wake_at is when it is due; claiming a row moves
-- it into the future, so a dead owner's rows come due by themselves. Of an ended saga it says when it
-- ended. version is the fence: every write raises it. data is dropped at the end.
CREATE TABLE IF NOT EXISTS saga (
    id          BINARY(16)   NOT NULL,
    subject     BINARY(16)   NOT NULL COMMENT 'id of what it is about',
    type        VARCHAR(47)  NOT NULL,
    state       VARCHAR(16)  NOT NULL COMMENT 'STARTED PROCESSING COMPENSATING SUCCEEDED COMPENSATED',
    step        VARCHAR(47)  NOT NULL,
    version     INT UNSIGNED NOT NULL,
    attempts    INT UNSIGNED NOT NULL COMMENT 'failed attempts of the present step',
    reason      VARCHAR(47)  NOT NULL COMMENT 'why it compensates',
    data        TEXT         NULL     COMMENT 'JSON',
    done        TINYINT      NOT NULL,
    wake_at     DATETIME(6)  NOT NULL,
    deadline_at DATETIME(6)  NOT NULL,
    started_at  DATETIME(6)  NOT NULL,
    updated_at  DATETIME(6)  NOT NULL,
    PRIMARY KEY (id),
    KEY due (done, wake_at, state)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
