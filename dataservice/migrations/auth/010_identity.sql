-- Who somebody from outside is here: a row a subject of an issuer (model/identity.h). No account needs to be there;
-- what is known under user_id goes with it when it is given up.
CREATE TABLE IF NOT EXISTS identity (
    id         VARCHAR(43)  NOT NULL COMMENT 'SHA-256 of issuer and subject, base64url',
    issuer     VARCHAR(255) NOT NULL,
    subject    VARCHAR(255) NOT NULL,
    user_id    BINARY(16)   NOT NULL,
    created_at DATETIME(6)  NOT NULL,
    PRIMARY KEY (id),
    KEY user_id (user_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
