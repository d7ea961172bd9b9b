/* session.h - somebody who has logged in and stays so: a family of refresh tokens, of which the
 * newest is good. Plain values. */
#ifndef MODEL_SESSION_H
#define MODEL_SESSION_H

#include <stdbool.h>

#include "tool/core/page.h"
#include "tool/core/rule.h"
#include "tool/core/uuid.h"

enum {
    SESSION_SECRET_LEN = 43, /* 32 bytes in base64url: seed, secret, its SHA-256 */
    SESSION_AGENT_MAX = 100,
    SESSION_ADDRESS_MAX = 63,
    SESSION_CLIENT_MAX = SESSION_AGENT_MAX + SESSION_ADDRESS_MAX + 3,
    SESSIONS_MAX = 100, /* of one account */
};

/* A token that was changed for its successor is good for so much longer, for that successor: an
 * answer that was lost is no theft. So many changes in that time are remembered each. */
enum { SESSION_GRACE_S = 10, SESSION_ROTATIONS = 8, SESSION_MOMENT_LEN = 11 };

struct session {
    struct uuid id;
    struct uuid user_id;
    int64_t generation;                      /* of the token that is good; from 0 */
    char token_hash[SESSION_SECRET_LEN + 1]; /* of that token's secret */
    char seed[SESSION_SECRET_LEN + 1];       /* from it and a secret follows the next secret */
    char rotations[SESSION_ROTATIONS * SESSION_MOMENT_LEN + 1]; /* when the last ones were, the
                                                 newest first: milliseconds, 11 hex digits each */
    char agent[SESSION_AGENT_MAX + 1];     /* User-Agent of who used it last; "" = not known */
    char address[SESSION_ADDRESS_MAX + 1]; /* where he was; "" = not known */
    int64_t created_us, used_us, expires_us;
    int64_t version;
};

/* How long a session lasts. */
struct session_limits {
    int64_t max; /* of one account, 1..SESSIONS_MAX; then the oldest goes */
    int64_t idle_s, lifetime_s;
};

bool session_alive(const struct session *session, int64_t now_us);
/** A new one, used now, or one that exists already: when it ends. Moved in steps, a 64th of the
 * idle time each, so that most uses leave it where it is. */
void session_use(struct session *session, const struct session_limits *limits, int64_t now_us);

/** Counts on to the next generation and notes that it was now. */
void session_rotate(struct session *session, int64_t now_us);

enum session_change {
    SESSION_CHANGED_JUST_NOW,  /* SESSION_GRACE_S ago at most */
    SESSION_CHANGED_LONG_AGO,  /* earlier */
    SESSION_CHANGED_SOME_TIME, /* not to be told: there were too many since */
};

/** When the token of a generation before the present one was changed for the next. */
enum session_change session_changed(const struct session *session, int64_t generation,
                                    int64_t now_us);

/** "Mozilla/5.0 ... (192.0.2.1)"; either part alone when that is all. */
void session_client(const struct session *session, char text[SESSION_CLIENT_MAX + 1]);

enum { REFRESH_TOKEN_MAX = 255 };

struct refresh_form {
    char refresh_token[REFRESH_TOKEN_MAX + 1];
};

/** What could be one; whether it is, is no matter of form. */
extern const struct rule REFRESH_TOKEN_RULE;

/* What people see of their sessions. */
struct sessions_query {
    struct uuid user_id;
    struct page_query page;
};

struct session_view {
    struct uuid session_id;
    int64_t created_us, used_us;
    char client[SESSION_CLIENT_MAX + 1];
    bool current; /* the one that asks */
};

struct sessions_page {
    struct session_view items[PAGE_LIMIT_MAX]; /* the newest first */
    size_t n_items;
    char next_cursor[PAGE_CURSOR_MAX + 1];
};

/* Which session is to end. */
struct session_end {
    struct uuid user_id;
    struct uuid session_id;
};

/* Events. */
struct session_reused {
    struct uuid user_id;
    struct uuid session_id;
};

enum sessions_revoked_why {
    SESSIONS_ENDED,
    SESSIONS_PASSWORD_CHANGED,
    SESSIONS_BY_OPERATOR,
    SESSIONS_WITHDRAWN
};

/** "ended", "password_changed", "operator", "withdrawn"; NULL-terminated. */
extern const char *const SESSIONS_REVOKED_WHY_NAMES[];

struct sessions_revoked {
    struct uuid user_id;
    int64_t sessions; /* how many */
    int why;          /* enum sessions_revoked_why */
};

#endif
