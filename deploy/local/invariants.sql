-- invariants.sql - what must be true of the data at any moment, however many requests are on their way. A comment says
-- it; the query behind it finds the ids of what breaks it. `make doctor` asks all of them.

-- a saga ends within a minute
SELECT id FROM hanok_auth.saga WHERE done = 0 AND started_at < UTC_TIMESTAMP(6) - INTERVAL 60 SECOND;

-- a saga's row can be read
SELECT id FROM hanok_auth.saga
WHERE state NOT IN ('STARTED', 'PROCESSING', 'COMPENSATING', 'SUCCEEDED', 'COMPENSATED')
   OR done <> (state IN ('SUCCEEDED', 'COMPENSATED')) OR (done = 0 AND NOT COALESCE(JSON_VALID(data), 0));

-- an ended saga keeps no data
SELECT id FROM hanok_auth.saga WHERE done = 1 AND data IS NOT NULL;

-- an account has a status we know
SELECT id FROM hanok_auth.user WHERE status NOT IN ('SIGNUP_PENDING', 'ACTIVE', 'WITHDRAW_PENDING');

-- an account that is locked has an open saga
SELECT u.id FROM hanok_auth.user u
LEFT JOIN hanok_auth.saga s ON s.subject = u.id AND s.done = 0
WHERE u.status <> 'ACTIVE' AND s.id IS NULL;

-- an active account has a profile
SELECT u.id FROM hanok_auth.user u
LEFT JOIN hanok_user.user_inform p ON p.user_id = u.id
WHERE u.status = 'ACTIVE' AND p.user_id IS NULL;

-- a profile has an account
SELECT p.user_id AS id FROM hanok_user.user_inform p
LEFT JOIN hanok_auth.user u ON u.id = p.user_id
WHERE u.id IS NULL;

-- a compensated signup leaves nothing
SELECT s.subject AS id FROM hanok_auth.saga s
LEFT JOIN hanok_auth.user u ON u.id = s.subject
LEFT JOIN hanok_user.user_inform p ON p.user_id = s.subject
WHERE s.type = 'signup' AND s.state = 'COMPENSATED' AND (u.id IS NOT NULL OR p.user_id IS NOT NULL);
