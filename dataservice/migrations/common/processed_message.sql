-- Messages whose effect has happened, with their outcome (tool/saga/barrier.h). Written in the
-- transaction of the effect. A compensation that came first leaves a tombstone here.
CREATE TABLE IF NOT EXISTS processed_message (
    consumer    VARCHAR(63)  NOT NULL,
    message_key VARCHAR(64)  NOT NULL,
    outcome     VARCHAR(255) NOT NULL,
    deliveries  INT UNSIGNED NOT NULL COMMENT 'how often it came',
    created_at  DATETIME(6)  NOT NULL,
    PRIMARY KEY (consumer, message_key),
    KEY created_at (created_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
