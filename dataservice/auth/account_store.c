/* account_store.c - see account_store.h. */
#include "dataservice/auth/account_store.h"

/* clang-format off */
static const struct column COLUMNS[] = {
    COLUMN(struct account, id,            "id",            COLUMN_UUID, COLUMN_KEY),
    COLUMN(struct account, login_id,      "login_id",      COLUMN_TEXT, COLUMN_UNIQUE),
    COLUMN(struct account, password_hash, "password_hash", COLUMN_TEXT, 0),
    COLUMN(struct account, status,        "status",        COLUMN_ENUM, 0, .names = ACCOUNT_STATUS_NAMES),
    COLUMN(struct account, created_us,    "created_at",    COLUMN_TIME, COLUMN_CREATED),
    COLUMN(struct account, updated_us,    "updated_at",    COLUMN_TIME, COLUMN_UPDATED),
};
/* clang-format on */

const struct table ACCOUNT_TABLE = TABLE(struct account, COLUMNS, "user");
