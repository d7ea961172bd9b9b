/* refresh_token.h - what a client keeps of its session: which one, which generation, and a secret
 * that only he has. Pure; any thread. */
#ifndef USECASE_AUTH_REFRESH_TOKEN_H
#define USECASE_AUTH_REFRESH_TOKEN_H

#include "model/session.h"

enum { REFRESH_TOKEN_LEN_MAX = 22 + 1 + 10 + 1 + SESSION_SECRET_LEN };

struct refresh_token {
    struct uuid session;
    int64_t generation;
    char secret[SESSION_SECRET_LEN + 1];
};

/** "<session>.<generation>.<secret>", the ids and secrets in base64url. */
void refresh_token_text(const struct refresh_token *token, char text[REFRESH_TOKEN_LEN_MAX + 1]);
/** Reads that back, in its one form; false otherwise. */
bool refresh_token_parse(const char *text, struct refresh_token *out);

/** The token after this one: HMAC-SHA-256 by the session's seed, so that the same token has the
 * same successor, and neither seed nor hash give it away. */
void refresh_token_next(const char seed[SESSION_SECRET_LEN + 1], struct refresh_token *token);
/** As it stands in the session's row. */
void refresh_token_hash(const struct refresh_token *token, char hash[SESSION_SECRET_LEN + 1]);
/** Fills with 32 random bytes in base64url: a seed, a first secret. */
void refresh_secret_make(const struct entropy *entropy, char secret[SESSION_SECRET_LEN + 1]);

enum refresh_verdict {
    REFRESH_GOOD,   /* the newest: to be changed for the next */
    REFRESH_AGAIN,  /* was changed just now: its successor once more */
    REFRESH_REUSED, /* was changed long ago, and comes again: stolen, from or by whoever sends it */
    REFRESH_UNKNOWN, /* nothing of this session, or nothing that can be told */
};

/* A session of 90 days that is refreshed every 15 minutes has fewer; a step takes 1 us. */
enum { REFRESH_STEPS_MAX = 10000 };

/** What a token is to a session. Surely ours is what leads, step by step, to the hash of the
 * newest; anything else is REFRESH_UNKNOWN, however much it looks like one. token: with
 * REFRESH_AGAIN it becomes the newest. */
enum refresh_verdict refresh_token_judge(const struct session *session, int64_t now_us,
                                         struct refresh_token *token);

#endif
