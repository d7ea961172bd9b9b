-- Profiles whose address is also another's, in the form in which addresses are compared today: a release
-- before let both in. Found by the job rekey_emails, which removes the row when it is so no more; doctor
-- names them until then. Nothing personal is in here.
CREATE TABLE IF NOT EXISTS email_conflict (
    user_id  BINARY(16)  NOT NULL COMMENT 'keeps the key of before, as typed in lower case',
    other_id BINARY(16)  NOT NULL COMMENT 'has the key that both should have',
    found_at DATETIME(6) NOT NULL,
    PRIMARY KEY (user_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
