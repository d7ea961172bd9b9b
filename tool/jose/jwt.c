/* jwt.c - see jwt.h. The signature comes first: before it is right only alg, typ, crit and kid are
 * looked at. */
#include "tool/jose/jwt.h"

#include <jansson.h>
#include <string.h>
#include <strings.h>

#include "tool/core/mem.h"
#include "tool/crypto/digest.h"

enum { SIGNATURE_MAX = JWK_RSA_BITS_MAX / 8 };

/* header.claims.signature; encrypted ones have more dots, which no part may have. */
struct parts {
    char header[JWT_TEXT_MAX + 1]; /* and the others behind it */
    const char *claims, *signature;
    const char *signed_text; /* the caller's: header.claims */
    size_t signed_len;
};

struct jwt {
    json_t *claims;
    int64_t expires_s;
};

static bool split(const char *token, size_t len, struct parts *parts)
{
    char *first, *second;

    if (len > JWT_TEXT_MAX || memchr(token, '\0', len))
        return false;
    memcpy(parts->header, token, len);
    parts->header[len] = '\0';
    first = strchr(parts->header, '.');
    second = first ? strchr(first + 1, '.') : NULL;
    if (!second)
        return false;
    *first = *second = '\0';
    parts->claims = first + 1;
    parts->signature = second + 1;
    parts->signed_text = token;
    parts->signed_len = (size_t)(second - parts->header);
    return true;
}

/* An object, every member once; NULL when it is anything else. */
static json_t *object_of(const char *part)
{
    char json[JWT_TEXT_MAX];
    size_t len;
    json_t *value;

    if (!digest_from_b64url(part, json, sizeof(json), &len))
        return NULL;
    value = json_loadb(json, len, JSON_REJECT_DUPLICATES, NULL);
    if (json_is_object(value))
        return value;
    json_decref(value);
    return NULL;
}

static const char *text_of(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

/* ---- the header ---- */

/* RFC 7515, section 4.1.9: "application/" may be left out, case does not count. */
static bool type_fits(const json_t *header, bool access_only)
{
    static const char PREFIX[] = "application/";
    const json_t *value = json_object_get(header, "typ");
    const char *type = json_string_value(value);

    if (!value)
        return !access_only;
    if (!type)
        return false;
    if (strncasecmp(type, PREFIX, sizeof(PREFIX) - 1) == 0)
        type += sizeof(PREFIX) - 1;
    return strcasecmp(type, "at+jwt") == 0 || (!access_only && strcasecmp(type, "JWT") == 0);
}

/* What must be understood, we do not. */
static bool is_plain(const json_t *header)
{
    return !json_object_get(header, "crit") && !json_object_get(header, "b64");
}

static enum jwt_verdict header_read(const struct jwt_rule *rule, const struct jwk_set *keys,
                                    const json_t *header, const struct jwk **key)
{
    const char *alg_name = text_of(header, "alg"), *kid = text_of(header, "kid");
    enum jose_alg alg;

    if (!header || !alg_name || !is_plain(header))
        return JWT_MALFORMED;
    alg = jose_alg_find(alg_name);
    if (alg == JOSE_ALGS || !(rule->algorithms & 1u << alg))
        return JWT_BAD_ALGORITHM;
    if (!type_fits(header, rule->access_only))
        return JWT_BAD_TYPE;
    if (!kid)
        return JWT_MALFORMED;
    *key = keys ? jwk_set_find(keys, kid, alg) : NULL;
    return *key ? JWT_OK : JWT_UNKNOWN_KEY;
}

static enum jwt_verdict signature_check(const struct jwt_rule *rule, const struct jwk_set *keys,
                                        const struct parts *parts)
{
    unsigned char signature[SIGNATURE_MAX];
    json_t *header = object_of(parts->header);
    const struct jwk *key = NULL;
    enum jwt_verdict verdict = header_read(rule, keys, header, &key);
    size_t len;

    json_decref(header);
    if (verdict != JWT_OK)
        return verdict;
    if (!digest_from_b64url(parts->signature, signature, sizeof(signature), &len))
        return JWT_MALFORMED;
    return jwk_verify(key, parts->signed_text, parts->signed_len, signature, len)
               ? JWT_OK
               : JWT_BAD_SIGNATURE;
}

/* ---- the claims ---- */

/* A NumericDate may have a fraction. */
static bool date_read(const json_t *object, const char *name, int64_t *out)
{
    const double date_max = 253402300800.0; /* the year 10000 */
    const json_t *value = json_object_get(object, name);
    double date = json_number_value(value);

    if (!json_is_number(value) || !(date >= 0 && date < date_max))
        return false;
    *out = (int64_t)date;
    return true;
}

static bool date_read_if(const json_t *object, const char *name, int64_t *out)
{
    return !json_object_get(object, name) || date_read(object, name, out);
}

static bool audience_fits(const json_t *object, const char *audience)
{
    const json_t *value = json_object_get(object, "aud");
    const char *text = json_string_value(value);

    if (text)
        return strcmp(text, audience) == 0;
    for (size_t i = 0; i < json_array_size(value); i++) {
        text = json_string_value(json_array_get(value, i));
        if (text && strcmp(text, audience) == 0)
            return true;
    }
    return false;
}

static bool subject_fits(const json_t *object)
{
    const char *subject = text_of(object, "sub");

    if (!subject || !subject[0] || strlen(subject) > JWT_SUBJECT_MAX)
        return false;
    for (; *subject; subject++) {
        unsigned char byte = (unsigned char)subject[0], next = (unsigned char)subject[1];

        if (byte < ' ' || byte == 0x7f || (byte == 0xc2 && next < 0xa0))
            return false;
    }
    return true;
}

static enum jwt_verdict claims_check(const struct jwt_rule *rule, const json_t *claims,
                                     int64_t now_s, int64_t *expires_s)
{
    const char *issuer = text_of(claims, "iss");
    int64_t not_before_s = 0, issued_s = 0;

    if (!claims || !subject_fits(claims) || !date_read(claims, "exp", expires_s) ||
        !date_read_if(claims, "nbf", &not_before_s) || !date_read_if(claims, "iat", &issued_s))
        return JWT_MALFORMED;
    if (!issuer || strcmp(issuer, rule->issuer) != 0 || !audience_fits(claims, rule->audience))
        return JWT_NOT_FOR_US;
    if (not_before_s > now_s + rule->leeway_s || issued_s > now_s + rule->leeway_s)
        return JWT_TOO_EARLY;
    *expires_s += rule->leeway_s;
    return now_s < *expires_s ? JWT_OK : JWT_EXPIRED;
}

/* ---- all of it ---- */

bool jwt_peek_issuer(const char *token, size_t len, char issuer[JWT_ISSUER_MAX + 1])
{
    struct parts parts;
    json_t *claims = split(token, len, &parts) ? object_of(parts.claims) : NULL;
    const char *text = text_of(claims, "iss");
    bool ok = text && text_copy(issuer, JWT_ISSUER_MAX + 1, text);

    json_decref(claims);
    return ok;
}

enum jwt_verdict jwt_verify(const struct jwt_rule *rule, const struct jwk_set *keys,
                            const char *token, size_t len, int64_t now_s, struct jwt **out)
{
    struct parts parts;
    enum jwt_verdict verdict = JWT_MALFORMED;
    json_t *claims = NULL;
    int64_t expires_s = 0;

    if (split(token, len, &parts))
        verdict = signature_check(rule, keys, &parts);
    if (verdict == JWT_OK) {
        claims = object_of(parts.claims);
        verdict = claims_check(rule, claims, now_s, &expires_s);
    }
    if (verdict == JWT_OK) {
        *out = MEM_NEW(struct jwt);
        **out = (struct jwt){json_incref(claims), expires_s};
    }
    json_decref(claims);
    return verdict;
}

void jwt_destroy(struct jwt *jwt)
{
    if (!jwt)
        return;
    json_decref(jwt->claims);
    free(jwt);
}

const char *jwt_subject(const struct jwt *jwt)
{
    return text_of(jwt->claims, "sub");
}

int64_t jwt_expires_s(const struct jwt *jwt)
{
    return jwt->expires_s;
}

/* The whole name first: some issuers name claims by URLs, which have dots. */
static const json_t *claim_find(const json_t *object, const char *claim)
{
    const json_t *value = json_object_get(object, claim);
    const char *dot = strchr(claim, '.');
    char name[JWT_TEXT_MAX];

    while (!value && dot && dot > claim && (size_t)(dot - claim) < sizeof(name)) {
        memcpy(name, claim, (size_t)(dot - claim));
        name[dot - claim] = '\0';
        object = json_object_get(object, name);
        claim = dot + 1;
        value = json_object_get(object, claim);
        dot = strchr(claim, '.');
    }
    return value;
}

static void each_word(const char *text, void (*fn)(void *arg, const char *text), void *arg)
{
    char *copy = mem_strdup(text), *rest, *word = strtok_r(copy, " ", &rest);

    for (; word; word = strtok_r(NULL, " ", &rest))
        fn(arg, word);
    free(copy);
}

void jwt_each_text(const struct jwt *jwt, const char *claim,
                   void (*fn)(void *arg, const char *text), void *arg)
{
    const json_t *value = claim_find(jwt->claims, claim);

    if (json_is_string(value))
        each_word(json_string_value(value), fn, arg);
    for (size_t i = 0; i < json_array_size(value); i++) {
        const char *text = json_string_value(json_array_get(value, i));

        if (text)
            fn(arg, text);
    }
}
