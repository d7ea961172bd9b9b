-- What an account may beyond its own data: names with a blank between (model/role.h). Operators grant them.
ALTER TABLE user ADD COLUMN IF NOT EXISTS roles VARCHAR(63) NOT NULL DEFAULT '';
