/* issuer.h - who besides us may say who somebody is: issuers of access tokens outside, rows of a
 * file. A table does not change once it is read. */
#ifndef MIDDLEWARE_ISSUER_H
#define MIDDLEWARE_ISSUER_H

#include <stdbool.h>
#include <stdio.h>

#include "model/role.h"
#include "tool/core/call.h"
#include "tool/crypto/token.h"
#include "tool/jose/jwt.h"

enum {
    ISSUERS_MAX = 16,
    ISSUER_ROLES_MAX = 16,
    ISSUER_TEXT_MAX = 255, /* of an audience, a path, an address, the name of a claim */
    ISSUER_ROLE_MAX = 127,
    ISSUER_WHY_MAX = 1023,
};

struct issuer_role {
    char theirs[ISSUER_ROLE_MAX + 1];
    enum role ours;
};

struct issuer {
    unsigned line;
    char name[JWT_ISSUER_MAX + 1]; /* iss */
    char audience[ISSUER_TEXT_MAX + 1];
    char keys[ISSUER_TEXT_MAX + 1];  /* of a key set: a path, or an address; "" = by discovery */
    char ca[ISSUER_TEXT_MAX + 1];    /* file of the CAs its server is known by; "" = the system's */
    char claim[ISSUER_TEXT_MAX + 1]; /* that has its roles; "" = none */
    unsigned algorithms;             /* a bit 1 << JOSE_... each */
    bool access_only;
    int leeway_s;
    size_t n_roles;
    struct issuer_role roles[ISSUER_ROLES_MAX];
};

struct issuer_table {
    size_t n;
    struct issuer issuers[];
};

/* What a token of an issuer outside says. */
struct outside_claims {
    char subject[JWT_SUBJECT_MAX + 1];
    char roles[CALL_ROLES_MAX + 1]; /* ours */
    int64_t expires_s;
};

/** One row an issuer; NULL when something is wrong with it: why says what, and in which line. own:
 * the issuer of our own tokens, which is none outside. Freed by free(). */
struct issuer_table *issuer_table_parse(const char *name, const char *text, const char *own,
                                        char why[ISSUER_WHY_MAX + 1]);
/** The same from a file. */
struct issuer_table *issuer_table_load(const char *file, const char *own,
                                       char why[ISSUER_WHY_MAX + 1]);
/** Writes what may stand in such a file. */
void issuer_help_write(FILE *out);
/** NULL when there is none of that name. */
const struct issuer *issuer_find(const struct issuer_table *table, const char *name);
/** Whether what is fetched of it comes over the network, so that it may take long. */
bool issuer_is_remote(const struct issuer *issuer);
/** keys: as far as they are known, or NULL. claims is written only on TOKEN_OK. Pure. */
enum token_verdict issuer_check(const struct issuer *issuer, const struct jwk_set *keys,
                                const char *token, size_t len, int64_t now_s,
                                struct outside_claims *claims);

#endif
