/* sessions.h - who is logged in: sessions begin, are granted tokens, and are revoked. */
#ifndef USECASE_AUTH_SESSIONS_H
#define USECASE_AUTH_SESSIONS_H

#include "dataservice/auth/account_store.h"
#include "dataservice/auth/session_store.h"
#include "model/login_form.h"
#include "tool/crypto/token.h"
#include "tool/job/job.h"
#include "tool/outbox/outbox.h"
#include "tool/page/cursor.h"
#include "usecase/auth/refresh_token.h"

/* All borrowed. Read-only once wired. */
struct sessions {
    struct store *accounts, *sessions;
    struct transactor *transactor;
    struct outbox *outbox;
    struct token_issuer *issuer;
    const struct entropy *entropy;
    const struct cursor_key *cursors;
    struct session_limits limits;
};

/** In tx, which holds the account's row: makes room (what has expired goes, then the oldest) and
 * begins a session of whoever asks. ST_OK, *first is its token | ST_UNAVAILABLE ... */
enum status session_begin(const struct sessions *sessions, struct transaction *tx,
                          const struct call *call, struct uuid user_id,
                          struct refresh_token *first);
/** Fills in all of what a login and a refresh answer. ST_OK */
enum status session_grant(const struct sessions *sessions, const struct call *call,
                          const struct account *account, const struct refresh_token *token,
                          struct login_granted *out);
/** In tx, which holds the account's row: every session of it ends; said, unless there was none.
 * ST_OK | ST_UNAVAILABLE ... */
enum status sessions_revoke(const struct sessions *sessions, struct transaction *tx,
                            const struct call *call, struct uuid user_id,
                            enum sessions_revoked_why why);
/** May an account of that status be used? ST_OK | ST_CONFLICT signup_pending, withdrawal_pending,
 * with retry_after_s */
enum status session_allowed(const struct call *call, enum account_status status);

/** A job: removes sessions that have expired. ST_OK | ST_PENDING | ST_UNAVAILABLE ... */
enum status sessions_purge(void *self, const struct job_run *run);

#endif
