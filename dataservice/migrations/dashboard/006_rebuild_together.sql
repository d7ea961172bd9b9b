-- All sources of a rebuild are read side by side, so that how far it is is one key for all of them. One that is
-- under way begins anew: another place is where it was. What the release before writes into `source` nobody reads
-- any more; it goes with the next one.
UPDATE rebuild SET state = 'WANTED', version = version + 1 WHERE state <> 'IDLE';
-- next
ALTER TABLE rebuild ALTER COLUMN source SET DEFAULT 0;
