/* session_store.c - see session_store.h. */
#include "dataservice/auth/session_store.h"

/* clang-format off */
static const struct column COLUMNS[] = {
    COLUMN(struct session, id,         "id",           COLUMN_UUID, COLUMN_KEY),
    COLUMN(struct session, user_id,    "user_id",      COLUMN_UUID, 0),
    COLUMN(struct session, generation, "generation",   COLUMN_INT,  0),
    COLUMN(struct session, token_hash, "token_hash",   COLUMN_TEXT, 0),
    COLUMN(struct session, seed,       "seed",         COLUMN_TEXT, 0),
    COLUMN(struct session, rotations,  "rotations",    COLUMN_TEXT, 0),
    COLUMN(struct session, agent,      "agent",        COLUMN_TEXT, 0),
    COLUMN(struct session, address,    "address",      COLUMN_TEXT, 0),
    COLUMN(struct session, created_us, "created_at",   COLUMN_TIME, COLUMN_CREATED),
    COLUMN(struct session, used_us,    "last_used_at", COLUMN_TIME, 0),
    COLUMN(struct session, expires_us, "expires_at",   COLUMN_TIME, 0),
    COLUMN(struct session, version,    "version",      COLUMN_INT,  COLUMN_VERSION),
};
/* clang-format on */

const struct table SESSION_TABLE = TABLE(struct session, COLUMNS, "session");
