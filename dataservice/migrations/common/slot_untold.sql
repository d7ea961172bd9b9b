-- Whether a slot has changed since it was told of last, so that those which have are found by an index
-- and not by looking at all. What a release before this one adds or changes is looked at once, or with its
-- next change.
ALTER TABLE slot
    ADD COLUMN IF NOT EXISTS untold TINYINT NOT NULL DEFAULT 1 COMMENT 'set by each change of the counters',
    ADD KEY IF NOT EXISTS untold (untold, id);
