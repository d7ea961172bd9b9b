-- What has happened, written in the transaction that makes it happen and fed to JetStream by a relay
-- (tool/outbox). seq orders the events of one key: whoever writes one holds the row it is about. A row
-- with a stream_seq is in the stream, acknowledged as that; one without is still to be sent. If the
-- stream loses what it has acknowledged, rows become PENDING again.
CREATE TABLE IF NOT EXISTS outbox (
    seq           BIGINT UNSIGNED   NOT NULL AUTO_INCREMENT,
    id            BINARY(16)        NOT NULL COMMENT 'of the event, its Nats-Msg-Id',
    partition_no  SMALLINT UNSIGNED NOT NULL COMMENT 'FNV-1a of the key, modulo 16',
    outbox_status VARCHAR(8)        NOT NULL COMMENT 'PENDING SENT',
    stream_seq    BIGINT UNSIGNED   NULL     COMMENT 'as which the stream has it',
    type          VARCHAR(63)       NOT NULL,
    `key`         BINARY(16)        NOT NULL COMMENT 'whose events are in order',
    saga_id       BINARY(16)        NULL     COMMENT 'of the saga it belongs to',
    saga_status   VARCHAR(16)       NULL     COMMENT 'the state the saga is in with it',
    payload       TEXT              NOT NULL COMMENT 'JSON',
    traceparent   VARCHAR(55)       NULL,
    created_at    DATETIME(6)       NOT NULL,
    sent_at       DATETIME(6)       NULL,
    PRIMARY KEY (seq),
    UNIQUE KEY id (id),
    KEY fed (partition_no, stream_seq)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
