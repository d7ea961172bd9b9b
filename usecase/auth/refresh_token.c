/* refresh_token.c - see refresh_token.h. */
#include "usecase/auth/refresh_token.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tool/core/mem.h"
#include "tool/crypto/digest.h"

enum { ID_LEN = 22, GENERATION_LEN_MAX = 10, SECRET_BYTES = 32 };

void refresh_token_text(const struct refresh_token *token, char text[REFRESH_TOKEN_LEN_MAX + 1])
{
    char id[ID_LEN + 1];

    digest_b64url(token->session.b, sizeof(token->session.b), id, sizeof(id));
    snprintf(text, REFRESH_TOKEN_LEN_MAX + 1, "%s.%" PRId64 ".%s", id, token->generation,
             token->secret);
}

/* Where the part after this one begins, which is len bytes long; NULL when it is not. */
static const char *part(const char *at, size_t len_max, char *out)
{
    size_t len = strcspn(at, ".");

    if (len > len_max || at[len] != '.')
        return NULL;
    memcpy(out, at, len);
    out[len] = '\0';
    return at + len + 1;
}

static bool is_base64url(const char *text, size_t bytes, void *out)
{
    size_t len;

    return digest_from_b64url(text, out, bytes, &len) && len == bytes;
}

static bool is_number(const char *digits)
{
    return digits[0] != '\0' && strspn(digits, "0123456789") == strlen(digits) &&
           (digits[0] != '0' || digits[1] == '\0');
}

bool refresh_token_parse(const char *text, struct refresh_token *out)
{
    char id[ID_LEN + 1], generation[GENERATION_LEN_MAX + 1];
    uint8_t secret[SECRET_BYTES];
    const char *at = part(text, ID_LEN, id);

    if (at)
        at = part(at, GENERATION_LEN_MAX, generation);
    if (!at || !is_base64url(id, sizeof(out->session.b), out->session.b) ||
        !is_number(generation) || strlen(at) != SESSION_SECRET_LEN ||
        !is_base64url(at, sizeof(secret), secret))
        return false;
    explicit_bzero(secret, sizeof(secret));
    out->generation = strtoll(generation, NULL, 10);
    TEXT_COPY(out->secret, at);
    return true;
}

void refresh_token_next(const char seed[SESSION_SECRET_LEN + 1], struct refresh_token *token)
{
    const char *const parts[] = {token->secret};
    uint8_t next[DIGEST_LEN];

    digest_hmac(seed, SESSION_SECRET_LEN, parts, ARRAY_LEN(parts), next);
    digest_b64url(next, sizeof(next), token->secret, sizeof(token->secret));
    explicit_bzero(next, sizeof(next));
    token->generation++;
}

void refresh_token_hash(const struct refresh_token *token, char hash[SESSION_SECRET_LEN + 1])
{
    uint8_t digest[DIGEST_LEN];

    digest_sha256(token->secret, SESSION_SECRET_LEN, digest);
    digest_b64url(digest, sizeof(digest), hash, SESSION_SECRET_LEN + 1);
}

void refresh_secret_make(const struct entropy *entropy, char secret[SESSION_SECRET_LEN + 1])
{
    uint8_t bytes[SECRET_BYTES];

    entropy->fill(entropy, bytes, sizeof(bytes));
    digest_b64url(bytes, sizeof(bytes), secret, SESSION_SECRET_LEN + 1);
    explicit_bzero(bytes, sizeof(bytes));
}

/* Steps on to the session's generation. */
static bool leads_to(const struct session *session, struct refresh_token *token)
{
    char hash[SESSION_SECRET_LEN + 1];

    while (token->generation < session->generation)
        refresh_token_next(session->seed, token);
    refresh_token_hash(token, hash);
    return digest_equal(hash, session->token_hash, sizeof(hash));
}

enum refresh_verdict refresh_token_judge(const struct session *session, int64_t now_us,
                                         struct refresh_token *token)
{
    struct refresh_token last = *token;
    int64_t steps = session->generation - token->generation;
    enum refresh_verdict verdict = REFRESH_UNKNOWN;

    if (steps < 0 || steps > REFRESH_STEPS_MAX || !leads_to(session, &last))
        verdict = REFRESH_UNKNOWN;
    else if (steps == 0)
        verdict = REFRESH_GOOD;
    else if (session_changed(session, token->generation, now_us) == SESSION_CHANGED_JUST_NOW)
        verdict = REFRESH_AGAIN;
    else if (session_changed(session, token->generation, now_us) == SESSION_CHANGED_LONG_AGO)
        verdict = REFRESH_REUSED;
    if (verdict == REFRESH_AGAIN)
        *token = last;
    explicit_bzero(&last, sizeof(last));
    return verdict;
}
