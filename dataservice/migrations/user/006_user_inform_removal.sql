-- The withdrawal that removes a profile: from then on nobody sees it, while its e-mail stays taken.
ALTER TABLE user_inform ADD COLUMN IF NOT EXISTS removal_id BINARY(16) NULL COMMENT 'of the saga; NULL = of none';
