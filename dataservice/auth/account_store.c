/* account_store.c - see account_store.h. */
#include "dataservice/auth/account_store.h"

/* clang-format off */
static const struct column COLUMNS[] = {
    COLUMN(struct account, id,            "id",            COLUMN_UUID, COLUMN_KEY),
    COLUMN(struct account, login_id,      "login_id",      COLUMN_TEXT, COLUMN_UNIQUE),
    COLUMN(struct account, password_hash, "password_hash", COLUMN_TEXT, 0),
    COLUMN(struct account, status,        "status",        COLUMN_ENUM, 0, .names = ACCOUNT_STATUS_NAMES),
    COLUMN(struct account, roles,         "roles",         COLUMN_TEXT, 0),
    COLUMN(struct account, created_us,    "created_at",    COLUMN_TIME, COLUMN_CREATED),
    COLUMN(struct account, updated_us,    "updated_at",    COLUMN_TIME, COLUMN_UPDATED),
};
/* clang-format on */

const struct table ACCOUNT_TABLE = TABLE(struct account, COLUMNS, "user");

static enum status leave(void *row, const struct call *call, void *arg)
{
    (void)row;
    (void)call;
    (void)arg;
    return ST_OK;
}

enum status account_lock(struct store *accounts, struct transaction *tx, const struct call *call,
                         const struct uuid *id, struct account *out)
{
    return store_change(accounts, tx, call, id, &(struct store_change){.fn = leave}, out);
}

/* clang-format off */
const struct invariant ACCOUNT_INVARIANTS[] = {
    {"an account has a status we know",
     "SELECT id FROM user WHERE status NOT IN ('SIGNUP_PENDING', 'ACTIVE', 'WITHDRAW_PENDING')",
     "A newer release wrote it, or somebody by hand: run that release, or put the status right."},
    {"an account that is locked has an open saga",
     "SELECT u.id FROM user u LEFT JOIN saga s ON s.subject = u.id AND s.done = 0"
     " AND s.type = IF(u.status = 'WITHDRAW_PENDING', 'withdrawal', 'signup')"
     " WHERE u.status <> 'ACTIVE' AND s.id IS NULL",
     "Nobody will unlock it: with a profile it may be made ACTIVE, without one removed."},
    {"a signup has its account",
     "SELECT s.id FROM (SELECT id, subject FROM saga WHERE done = 0 AND type = 'signup'"
     " AND state IN ('STARTED', 'PROCESSING') UNION ALL"
     " (SELECT id, subject FROM saga WHERE done = 1 AND type = 'signup' AND state = 'SUCCEEDED'"
     " ORDER BY wake_at DESC LIMIT 10000)) AS s LEFT JOIN user u ON u.id = s.subject"
     " WHERE u.id IS NULL"
     " AND s.subject NOT IN (SELECT w.subject FROM saga w WHERE w.type = 'withdrawal'"
     " AND (w.state = 'SUCCEEDED' OR w.step = 'erase_profile'))",
     "Rows were lost after they were answered for: bring the database's backup and log back."},
    {"a withdrawal under way has its account locked, until it is gone",
     "SELECT s.id FROM saga s LEFT JOIN user u ON u.id = s.subject"
     " WHERE s.done = 0 AND s.type = 'withdrawal' AND s.state IN ('STARTED', 'PROCESSING')"
     " AND IF(s.step = 'erase_profile', u.id IS NOT NULL,"
     " (u.id IS NULL AND NOT EXISTS (SELECT 1 FROM identity i WHERE i.user_id = s.subject))"
     " OR u.status <> 'WITHDRAW_PENDING')",
     "Somebody changed it by hand: lock it, or turn the withdrawal around (hanokctl saga)."},
    {"a session is of an account",
     "SELECT s.id FROM session s LEFT JOIN user u ON u.id = s.user_id WHERE u.id IS NULL",
     "Nobody can use it; remove it: a withdrawal takes an account's sessions with it."},
    {"nobody from outside has the id of who has withdrawn",
     "SELECT i.user_id AS id FROM (SELECT subject FROM saga WHERE done = 1 AND type = 'withdrawal'"
     " AND state = 'SUCCEEDED' ORDER BY wake_at DESC LIMIT 10000) AS s"
     " JOIN identity i ON i.user_id = s.subject",
     "Remove the identity: who comes again from outside is somebody new here."},
    {NULL, NULL, NULL},
};

const struct id_set ACCOUNT_ID_SETS[] = {
    {"accounts", "SELECT id FROM user"},
    {"active_accounts", "SELECT id FROM user WHERE status = 'ACTIVE'"},
    {"compensated_signups",
     "SELECT subject AS id FROM saga WHERE done = 1 AND type = 'signup'"
     " AND state = 'COMPENSATED'"},
    {"withdrawing_accounts",
     "SELECT DISTINCT subject AS id FROM saga WHERE done = 0 AND type = 'withdrawal'"},
    {"withdrawn_accounts",
     "SELECT subject AS id FROM saga WHERE done = 1 AND type = 'withdrawal'"
     " AND state = 'SUCCEEDED'"},
    {NULL, NULL},
};
/* clang-format on */
