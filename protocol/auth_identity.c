/* auth_identity.c - who somebody from outside is here; see auth.h. */
#include "protocol/auth.h"

static const struct field QUERY_FIELDS[] = {
    FIELD(struct identity_query, issuer, "issuer", FIELD_TEXT, FIELD_REQUIRED,
          .rule = &IDENTITY_NAME_RULE,
          .doc = "Who says who it is: iss of a token that was checked."),
    FIELD(struct identity_query, subject, "subject", FIELD_TEXT, FIELD_REQUIRED,
          .rule = &IDENTITY_NAME_RULE, .doc = "As that issuer knows him: its sub."),
};

static const struct descriptor QUERY =
    DESCRIPTOR(struct identity_query, "IdentityQuery", QUERY_FIELDS, "Somebody from outside.");

static const struct field USER_FIELDS[] = {
    FIELD(struct identity_user, user_id, "userId", FIELD_UUID, FIELD_REQUIRED,
          .doc = "Who that is here; until it is given up the same each time."),
};

static const struct descriptor USER =
    DESCRIPTOR(struct identity_user, "IdentityUser", USER_FIELDS, "Somebody as he is known here.");

/* Asking twice gives the same id, also at once. */
const struct operation AUTH_IDENTITY = {
    .subject = "auth.identity",
    .summary = "Who a subject of an issuer outside is here",
    .request = &QUERY,
    .reply = &USER,
    .idempotent = true,
    .internal = true,
};
