/* profile_store.c - see profile_store.h. */
#include "dataservice/user/profile_store.h"

/* clang-format off */
static const struct column COLUMNS[] = {
    COLUMN(struct profile, user_id,      "user_id",    COLUMN_UUID, COLUMN_KEY),
    COLUMN(struct profile, person.name,  "name",       COLUMN_TEXT, 0, .length = 64),
    COLUMN(struct profile, person.email, "email",      COLUMN_TEXT, 0),
    COLUMN(struct profile, person.email, "email_key",  COLUMN_TEXT, COLUMN_UNIQUE, .form = profile_email_key),
    COLUMN(struct profile, person.phone, "phone",      COLUMN_TEXT, 0, .length = 16),
    COLUMN(struct profile, removal,      "removal_id", COLUMN_UUID, COLUMN_NULLABLE | COLUMN_ASIDE),
    COLUMNS_CHANGED(struct profile),
};
/* clang-format on */

const struct table PROFILE_TABLE = TABLE(struct profile, COLUMNS, "user_inform");

/* clang-format off */
const struct invariant PROFILE_INVARIANTS[] = {
    {"an e-mail address has one profile",
     "SELECT user_id AS id FROM email_conflict",
     "A release before let another in; its log names both: ask them, one takes another address or withdraws."},
    {NULL, NULL, NULL},
};
/* clang-format on */

const struct id_set PROFILE_ID_SETS[] = {
    {"profiles",        "SELECT user_id AS id FROM user_inform WHERE removal_id IS NULL"    },
    {"hidden_profiles", "SELECT user_id AS id FROM user_inform WHERE removal_id IS NOT NULL"},
    {NULL,              NULL                                                                },
};
