/* webhook.c - see webhook.h. */
#include "tool/crypto/webhook.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "tool/crypto/digest.h"

enum { TIME_MAX = 20 };

static void sign(const char *secret, const char *at, size_t at_len, const char *body, size_t len,
                 char hex[DIGEST_HEX_LEN + 1])
{
    crypto_auth_hmacsha256_state state;
    uint8_t mac[DIGEST_LEN];

    crypto_auth_hmacsha256_init(&state, (const unsigned char *)secret, strlen(secret));
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)at, at_len);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)".", 1);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)body, len);
    crypto_auth_hmacsha256_final(&state, mac);
    sodium_memzero(&state, sizeof(state));
    digest_hex(mac, hex);
}

char *webhook_sign(const char *secret, int64_t at_s, const char *body, size_t len,
                   char out[WEBHOOK_SIGNATURE_MAX + 1])
{
    char at[TIME_MAX + 1], hex[DIGEST_HEX_LEN + 1];

    snprintf(at, sizeof(at), "%" PRId64, at_s);
    sign(secret, at, strlen(at), body, len, hex);
    snprintf(out, WEBHOOK_SIGNATURE_MAX + 1, "t=%s,v1=%s", at, hex);
    return out;
}

/* The next member "name=value" from *at on, which is moved behind it and its comma. False: the end.
 */
static bool next_member(const char **at, const char **value, size_t *len, char *name)
{
    size_t all = strcspn(*at, ","), named = strcspn(*at, "=,");

    if (**at == '\0')
        return false;
    *name = '\0'; /* 't' of t=, 'v' of v1= */
    if (named < all && named == 1 && **at == 't')
        *name = 't';
    else if (named < all && named == 2 && strncmp(*at, "v1", 2) == 0)
        *name = 'v';
    *value = *at + named + (named < all);
    *len = all - named - (named < all);
    *at += all + ((*at)[all] == ',');
    return true;
}

/* Seconds, of one to ten digits; -1 when it is none. */
static int64_t read_time(const char *text, size_t len)
{
    int64_t at_s = 0;

    if (len == 0 || len > 10 || strspn(text, "0123456789") < len)
        return -1;
    for (size_t i = 0; i < len; i++)
        at_s = 10 * at_s + (text[i] - '0');
    return at_s;
}

bool webhook_is_signed(const char *secret, const char *signature, const char *body, size_t len,
                       int64_t now_s)
{
    const char *at = NULL, *value, *rest = signature;
    char name, hex[DIGEST_HEX_LEN + 1];
    size_t at_len = 0, n;
    int64_t at_s = -1;
    int found = 0;

    while (next_member(&rest, &value, &n, &name))
        if (name == 't' && !at) {
            at = value;
            at_len = n;
            at_s = read_time(value, n);
        }
    if (at_s < 0 || at_s < now_s - WEBHOOK_TOLERANCE_S || at_s > now_s + WEBHOOK_TOLERANCE_S)
        return false;
    sign(secret, at, at_len, body, len, hex);
    for (rest = signature; next_member(&rest, &value, &n, &name);)
        if (name == 'v' && n == DIGEST_HEX_LEN)
            found |= digest_equal(value, hex, DIGEST_HEX_LEN);
    return found != 0;
}
