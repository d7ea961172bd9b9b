/* issuer_option.c - see issuer_option.h. */
#include "middleware/issuer_option.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "middleware/issuer_url.h"
#include "tool/core/mem.h"

enum { LEEWAY_MAX_S = 300 };

static bool take_audience(struct issuer *issuer, const char *value)
{
    return value[0] && TEXT_COPY(issuer->audience, value);
}

static bool take_keys(struct issuer *issuer, const char *value)
{
    if (strcmp(value, "discovery") == 0)
        value = "";
    return TEXT_COPY(issuer->keys, value) &&
           (value[0] == '\0' || value[0] == '/' || issuer_url_fits(value));
}

static bool take_algorithms(struct issuer *issuer, const char *value)
{
    char list[64], *rest = list, *name;

    issuer->algorithms = 0;
    if (!TEXT_COPY(list, value))
        return false;
    while ((name = strsep(&rest, ","))) {
        enum jose_alg alg = jose_alg_find(name);

        if (alg == JOSE_ALGS)
            return false;
        issuer->algorithms |= 1u << alg;
    }
    return true;
}

static bool take_type(struct issuer *issuer, const char *value)
{
    issuer->access_only = strcmp(value, "at+jwt") == 0;
    return issuer->access_only || strcmp(value, "any") == 0;
}

static bool take_leeway(struct issuer *issuer, const char *value)
{
    char *end;
    long n = strtol(value, &end, 10);

    issuer->leeway_s = (int)n;
    return *value >= '0' && *value <= '9' && !*end && n <= LEEWAY_MAX_S;
}

static bool take_claim(struct issuer *issuer, const char *value)
{
    return value[0] && TEXT_COPY(issuer->claim, value);
}

/* Theirs may have colons (users:read), ours have none. */
static bool take_role(struct issuer *issuer, const char *value)
{
    const char *colon = strrchr(value, ':');
    struct issuer_role *role = &issuer->roles[issuer->n_roles];
    int ours = 0;

    if (!colon || colon == value || issuer->n_roles == ISSUER_ROLES_MAX ||
        (size_t)(colon - value) > ISSUER_ROLE_MAX)
        return false;
    while (ROLE_NAMES[ours] && strcmp(ROLE_NAMES[ours], colon + 1) != 0)
        ours++;
    if (!ROLE_NAMES[ours])
        return false;
    snprintf(role->theirs, sizeof(role->theirs), "%.*s", (int)(colon - value), value);
    role->ours = (enum role)ours;
    issuer->n_roles++;
    return true;
}

static bool take_ca(struct issuer *issuer, const char *value)
{
    return value[0] == '/' && TEXT_COPY(issuer->ca, value);
}

/* clang-format off */
const struct issuer_option ISSUER_OPTION_ROWS[ISSUER_OPTIONS] = {
    {.name = "audience", .form = "TEXT", .right = "a text", .required = true, .take = take_audience,
     .doc = "aud must be it, or have it; must be there"},
    {.name = "keys", .form = "discovery|URL|/FILE", .fallback = "discovery", .take = take_keys,
     .right = "discovery, an https:// address or the path of a file",
     .doc = "where its key set is"},
    {.name = "algorithms", .form = "LIST", .fallback = "RS256,ES256,EdDSA", .take = take_algorithms,
     .right = "a list of RS256, ES256 and EdDSA, with commas between",
     .doc = "by which it signs"},
    {.name = "type", .form = "any|at+jwt", .right = "any or at+jwt", .fallback = "any", .take = take_type,
     .doc = "at+jwt: only tokens that say they are access tokens (RFC 9068)"},
    {.name = "leeway", .form = "0..300", .right = "a number from 0 to 300", .fallback = "30", .take = take_leeway,
     .doc = "seconds that its clock and ours may differ"},
    {.name = "claim", .form = "NAME", .right = "the name of a claim", .take = take_claim,
     .doc = "which claim has its roles: roles, realm_access.roles, scope"},
    {.name = "role", .form = "THEIRS:OURS", .many = true, .take = take_role,
     .right = "a name of theirs, ':' and a role of ours, at most 16 times,",
     .doc = "who has their role has ours; may come several times; any other is none"},
    {.name = "ca", .form = "/FILE", .right = "the path of a file", .take = take_ca,
     .doc = "CAs by which its server is known, instead of the system's"},
};
/* clang-format on */

const struct issuer_option *issuer_option_find(const char *name)
{
    for (size_t i = 0; i < ISSUER_OPTIONS; i++)
        if (strcmp(ISSUER_OPTION_ROWS[i].name, name) == 0)
            return &ISSUER_OPTION_ROWS[i];
    return NULL;
}
