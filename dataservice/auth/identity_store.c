/* identity_store.c - see identity_store.h. */
#include "dataservice/auth/identity_store.h"

/* clang-format off */
static const struct column COLUMNS[] = {
    COLUMN(struct identity, id,         "id",         COLUMN_TEXT, COLUMN_KEY),
    COLUMN(struct identity, issuer,     "issuer",     COLUMN_TEXT, 0),
    COLUMN(struct identity, subject,    "subject",    COLUMN_TEXT, 0),
    COLUMN(struct identity, user_id,    "user_id",    COLUMN_UUID, 0),
    COLUMN(struct identity, created_us, "created_at", COLUMN_TIME, COLUMN_CREATED),
};
/* clang-format on */

const struct table IDENTITY_TABLE = TABLE(struct identity, COLUMNS, "identity");
