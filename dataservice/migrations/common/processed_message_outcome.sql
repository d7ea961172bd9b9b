-- Room for a whole reply as the outcome. Only longer: what a release before this one wrote or reads
-- stays as it is, and MariaDB changes no row for it.
ALTER TABLE processed_message MODIFY outcome VARCHAR(4095) NOT NULL;
