-- Jobs that one instance at a time does (tool/job/lease.h), a row a job. free_at is when it may be
-- taken: by the next when its holder died, or when it is due again. fence rises with each taking.
CREATE TABLE IF NOT EXISTS job_lease (
    name     VARCHAR(63) NOT NULL,
    holder   BINARY(16)  NOT NULL COMMENT 'of this run of the process; its log names it',
    fence    BIGINT      NOT NULL,
    taken_at DATETIME(6) NOT NULL,
    free_at  DATETIME(6) NOT NULL,
    PRIMARY KEY (name)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
