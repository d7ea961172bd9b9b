-- Units of slots that are kept for somebody (model/hold.h), until they are sold or let go. A row without
-- lines is a release that came before its hold. expires_at is never moved; sweep_at is when a sweeper looks.
CREATE TABLE IF NOT EXISTS hold (
    id         BINARY(16)  NOT NULL COMMENT 'of the saga that took it',
    owner      VARCHAR(15) NOT NULL COMMENT 'order or booking',
    owner_id   BINARY(16)  NOT NULL,
    state      VARCHAR(15) NOT NULL COMMENT 'HELD COMMITTED RELEASED',
    expires_at DATETIME(6) NOT NULL,
    sweep_at   DATETIME(6) NOT NULL,
    version    BIGINT      NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,
    PRIMARY KEY (id),
    KEY owner_id (owner_id),
    KEY due (state, sweep_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
-- next
CREATE TABLE IF NOT EXISTS hold_line (
    hold_id BINARY(16) NOT NULL,
    slot_id BINARY(16) NOT NULL,
    units   BIGINT     NOT NULL,
    PRIMARY KEY (hold_id, slot_id),
    KEY slot_id (slot_id),
    CONSTRAINT units_are_positive CHECK (units > 0)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
