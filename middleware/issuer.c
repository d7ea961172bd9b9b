/* issuer.c - what a token of an issuer outside comes to here. */
#include "middleware/issuer.h"

#include <string.h>

#include "tool/core/mem.h"

const struct issuer *issuer_find(const struct issuer_table *table, const char *name)
{
    for (size_t i = 0; i < table->n; i++)
        if (strcmp(table->issuers[i].name, name) == 0)
            return &table->issuers[i];
    return NULL;
}

bool issuer_is_remote(const struct issuer *issuer)
{
    return issuer->keys[0] != '/';
}

struct granting {
    const struct issuer *issuer;
    char roles[ACCOUNT_ROLES_MAX + 1];
};

/* What no row names is nothing here. */
static void grant(void *arg, const char *theirs)
{
    struct granting *granting = arg;
    const struct issuer *issuer = granting->issuer;

    for (size_t i = 0; i < issuer->n_roles; i++)
        if (strcmp(issuer->roles[i].theirs, theirs) == 0)
            role_set(granting->roles, issuer->roles[i].ours, true);
}

static enum token_verdict verdict_of(enum jwt_verdict verdict)
{
    switch (verdict) {
    case JWT_OK:
        return TOKEN_OK;
    case JWT_UNKNOWN_KEY:
        return TOKEN_UNKNOWN_KEY;
    case JWT_BAD_SIGNATURE:
        return TOKEN_BAD_SIGNATURE;
    case JWT_EXPIRED:
        return TOKEN_EXPIRED;
    case JWT_NOT_FOR_US:
    case JWT_TOO_EARLY:
    case JWT_BAD_ALGORITHM:
    case JWT_BAD_TYPE:
        return TOKEN_NOT_FOR_US;
    case JWT_MALFORMED:
        break;
    }
    return TOKEN_MALFORMED;
}

enum token_verdict issuer_check(const struct issuer *issuer, const struct jwk_set *keys,
                                const char *token, size_t len, int64_t now_s,
                                struct outside_claims *claims)
{
    const struct jwt_rule rule = {issuer->name, issuer->audience, issuer->algorithms,
                                  issuer->access_only, issuer->leeway_s};
    struct granting granting = {issuer, ""};
    struct jwt *jwt = NULL;
    enum jwt_verdict verdict = jwt_verify(&rule, keys, token, len, now_s, &jwt);

    if (verdict != JWT_OK)
        return verdict_of(verdict);
    if (issuer->claim[0])
        jwt_each_text(jwt, issuer->claim, grant, &granting);
    TEXT_COPY(claims->subject, jwt_subject(jwt));
    TEXT_COPY(claims->roles, granting.roles);
    claims->expires_s = jwt_expires_s(jwt);
    jwt_destroy(jwt);
    return TOKEN_OK;
}
