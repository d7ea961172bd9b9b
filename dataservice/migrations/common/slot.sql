-- What can be held and sold by the piece (model/slot.h). Of held and sold nothing is known but here: they
-- are changed by as much as is said, in the transaction of the hold that says it (usecase/capacity).
CREATE TABLE IF NOT EXISTS slot (
    id      BINARY(16)  NOT NULL,
    ref     VARCHAR(64) NOT NULL COMMENT 'its name here: a SKU, a type of room and a night',
    total   BIGINT      NOT NULL,
    held    BIGINT      NOT NULL,
    sold    BIGINT      NOT NULL,
    version BIGINT      NOT NULL COMMENT 'raised by each change, of the counters too',
    PRIMARY KEY (id),
    UNIQUE KEY ref (ref),
    CONSTRAINT held_is_not_negative CHECK (held >= 0),
    CONSTRAINT sold_is_not_negative CHECK (sold >= 0),
    CONSTRAINT total_is_enough CHECK (held + sold <= total)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
