-- What the handlers of these tests have done, in the order of doing.
CREATE TABLE IF NOT EXISTS effect (
    seq   BIGINT     NOT NULL AUTO_INCREMENT,
    `key` BINARY(16) NOT NULL,
    n     BIGINT     NOT NULL,
    PRIMARY KEY (seq),
    KEY key_seq (`key`, seq)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
