/* token_verify.c - believes a token only when everything about it is as we would have written it.
 * The algorithm is not the token's to choose: there is one. */
#include <jansson.h>
#include <sodium.h>
#include <string.h>

#include "tool/core/mem.h"
#include "tool/crypto/token.h"

/* Unix seconds that another machine's clock may be ahead of ours. */
enum { SKEW_S = 60 };

struct part {
    const char *text;
    size_t len;
};

/* header.claims.signature */
struct parts {
    struct part header, claims, signature;
    struct part signed_text;
};

static bool split(const char *token, size_t len, struct parts *parts)
{
    const char *end = token + len, *first, *second;

    if (len > TOKEN_TEXT_MAX)
        return false;
    first = memchr(token, '.', len);
    second = first ? memchr(first + 1, '.', (size_t)(end - first - 1)) : NULL;
    if (!second)
        return false;
    parts->header = (struct part){token, (size_t)(first - token)};
    parts->claims = (struct part){first + 1, (size_t)(second - first - 1)};
    parts->signature = (struct part){second + 1, (size_t)(end - second - 1)};
    parts->signed_text = (struct part){token, (size_t)(second - token)};
    return true;
}

/* Refuses padding, other alphabets, white space, and bits left over after the last byte. */
static bool b64_decode(struct part text, void *out, size_t size, size_t *len)
{
    return sodium_base642bin(out, size, text.text, text.len, NULL, len, NULL,
                             sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0;
}

static bool b64_exactly(struct part text, void *out, size_t size)
{
    size_t len;

    return b64_decode(text, out, size, &len) && len == size;
}

/* An object, every member once; NULL when it is anything else. */
static json_t *b64_object(struct part text)
{
    char json[TOKEN_TEXT_MAX];
    size_t len;
    json_t *value;

    if (!b64_decode(text, json, sizeof json, &len))
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

static bool text_is(const json_t *object, const char *name, const char *want)
{
    const char *text = text_of(object, name);

    return text && strcmp(text, want) == 0;
}

/* alg, kid and perhaps typ, nothing else: so no crit, no jwk, no x5u. */
static bool header_read(struct part text, char kid[TOKEN_KID_LEN + 1])
{
    json_t *header = b64_object(text);
    const char *kid_text = text_of(header, "kid");
    bool typed = json_object_get(header, "typ") != NULL;
    bool ok = text_is(header, "alg", "EdDSA") && (!typed || text_is(header, "typ", "JWT")) &&
              kid_text && strlen(kid_text) == TOKEN_KID_LEN &&
              json_object_size(header) == (typed ? 3 : 2);

    if (ok)
        memcpy(kid, kid_text, TOKEN_KID_LEN + 1);
    json_decref(header);
    return ok;
}

static enum token_verdict signature_check(const struct token_key_set *keys,
                                          const struct parts *parts)
{
    unsigned char signature[crypto_sign_BYTES], key[TOKEN_KEY_LEN];
    char kid[TOKEN_KID_LEN + 1];
    size_t i = 0;

    if (!header_read(parts->header, kid) ||
        !b64_exactly(parts->signature, signature, sizeof signature))
        return TOKEN_MALFORMED;
    while (i < keys->n && strcmp(keys->keys[i].kid, kid) != 0)
        i++;
    if (i == keys->n)
        return TOKEN_UNKNOWN_KEY;
    if (!b64_exactly((struct part){keys->keys[i].x, strlen(keys->keys[i].x)}, key, sizeof key))
        return TOKEN_BAD_SIGNATURE;
    if (crypto_sign_verify_detached(signature, (const unsigned char *)parts->signed_text.text,
                                    parts->signed_text.len, key) != 0)
        return TOKEN_BAD_SIGNATURE;
    return TOKEN_OK;
}

/* Roles become a header of messages: printable ASCII only. */
static bool roles_read(const json_t *object, char roles[CALL_ROLES_MAX + 1])
{
    const json_t *value = json_object_get(object, "roles");
    const char *text = value ? json_string_value(value) : "";

    if (!text || !text_copy(roles, CALL_ROLES_MAX + 1, text))
        return false;
    for (; *text; text++)
        if (*text < ' ' || *text > '~')
            return false;
    return true;
}

/* Of a session; a token of before there were sessions has none. */
static bool session_read(const json_t *object, struct uuid *session)
{
    const json_t *value = json_object_get(object, "sid");
    const char *text = json_string_value(value);

    *session = (struct uuid){{0}};
    return !value || (text && uuid_parse(text, session));
}

static bool number_read(const json_t *object, const char *name, int64_t *out)
{
    const json_t *value = json_object_get(object, name);

    *out = json_integer_value(value);
    return json_is_integer(value);
}

static bool claims_read(const json_t *object, struct token_claims *claims)
{
    const char *sub = text_of(object, "sub"), *jti = text_of(object, "jti");
    struct uuid id;

    return sub && uuid_parse(sub, &claims->subject) && jti && uuid_parse(jti, &id) &&
           TEXT_COPY(claims->jti, jti) && number_read(object, "iat", &claims->issued_s) &&
           number_read(object, "exp", &claims->expires_s) && roles_read(object, claims->roles) &&
           session_read(object, &claims->session);
}

/* We issue no nbf; who holds a key of ours and does means it. */
static bool has_begun(const json_t *object, const struct token_claims *claims, int64_t now_s)
{
    int64_t not_before_s = claims->issued_s;

    if (json_object_get(object, "nbf") && !number_read(object, "nbf", &not_before_s))
        return false;
    return claims->issued_s <= now_s + SKEW_S && not_before_s <= now_s + SKEW_S;
}

static enum token_verdict claims_check(const json_t *object, const char *issuer,
                                       const char *audience, int64_t now_s,
                                       struct token_claims *claims)
{
    if (!object || !claims_read(object, claims))
        return TOKEN_MALFORMED;
    if (!text_is(object, "iss", issuer) || !text_is(object, "aud", audience) ||
        !has_begun(object, claims, now_s))
        return TOKEN_NOT_FOR_US;
    return now_s < claims->expires_s ? TOKEN_OK : TOKEN_EXPIRED;
}

const char *token_verdict_name(enum token_verdict verdict)
{
    static const char *const NAMES[] = {
        [TOKEN_OK] = "good",
        [TOKEN_MALFORMED] = "malformed",
        [TOKEN_UNKNOWN_KEY] = "unknown key",
        [TOKEN_BAD_SIGNATURE] = "bad signature",
        [TOKEN_EXPIRED] = "expired",
        [TOKEN_NOT_FOR_US] = "not for us",
    };

    return NAMES[verdict];
}

enum token_verdict token_verify(const struct token_key_set *keys, const char *token, size_t len,
                                const char *issuer, const char *audience, int64_t now_s,
                                struct token_claims *claims)
{
    struct token_claims read;
    struct parts parts;
    enum token_verdict verdict;
    json_t *object;

    if (!split(token, len, &parts))
        return TOKEN_MALFORMED;
    verdict = signature_check(keys, &parts);
    if (verdict != TOKEN_OK)
        return verdict;
    object = b64_object(parts.claims);
    verdict = claims_check(object, issuer, audience, now_s, &read);
    json_decref(object);
    if (verdict == TOKEN_OK)
        *claims = read;
    return verdict;
}
