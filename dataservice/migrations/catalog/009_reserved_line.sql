-- What was promised for a hold: whoever asks again is told the same, whatever it costs by then.
CREATE TABLE IF NOT EXISTS reserved_line (
    id         BINARY(16)  NOT NULL,
    hold_id    BINARY(16)  NOT NULL,
    line       BIGINT      NOT NULL COMMENT '0, 1 ...',
    product_id BINARY(16)  NOT NULL,
    name       VARCHAR(60) NOT NULL COMMENT 'as it was called then',
    quantity   BIGINT      NOT NULL,
    price      BIGINT      NOT NULL COMMENT 'of one, as charged, in minor units',
    currency   CHAR(3)     NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY hold_line (hold_id, line)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
