-- What has happened, written in the transaction that makes it happen and fed to JetStream by a relay
-- (tool/outbox). seq orders the events of one key: whoever writes one holds the row it is about. A row
-- with a stream_seq is in the stream, acknowledged as that; one with 0 is still to be sent. If the
-- stream loses what it has acknowledged, rows become PENDING again. What changes then is as long before
-- as after: a row that grew would be moved, which is most of what marking it would cost.
CREATE TABLE IF NOT EXISTS outbox (
    seq           BIGINT UNSIGNED   NOT NULL AUTO_INCREMENT,
    id            BINARY(16)        NOT NULL COMMENT 'of the event, its Nats-Msg-Id',
    partition_no  SMALLINT UNSIGNED NOT NULL COMMENT 'FNV-1a of the key, modulo 16',
    outbox_status ENUM('PENDING', 'SENT') NOT NULL DEFAULT 'PENDING',
    stream_seq    BIGINT UNSIGNED   NOT NULL DEFAULT 0 COMMENT 'as which the stream has it; 0 = PENDING',
    type          VARCHAR(63)       NOT NULL,
    `key`         BINARY(16)        NOT NULL COMMENT 'whose events are in order',
    saga_id       BINARY(16)        NULL     COMMENT 'of the saga it belongs to',
    saga_status   VARCHAR(16)       NULL     COMMENT 'the state the saga is in with it',
    payload       TEXT              NOT NULL COMMENT 'JSON',
    traceparent   VARCHAR(55)       NULL,
    created_at    DATETIME(6)       NOT NULL,
    sent_at       DATETIME(6)       NOT NULL DEFAULT '1970-01-01 00:00:00',
    PRIMARY KEY (seq),
    UNIQUE KEY id (id),
    KEY fed (partition_no, stream_seq)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
