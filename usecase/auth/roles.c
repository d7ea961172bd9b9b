/* roles.c - see roles.h. */
#include "usecase/auth/roles.h"

#include <string.h>

#include "protocol/auth.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"

static void show(const struct account *account, struct account_view *view)
{
    view->user_id = account->id;
    TEXT_COPY(view->login_id, account->login_id);
    view->status = account->status;
    TEXT_COPY(view->roles, account->roles);
    view->created_us = account->created_us;
    view->updated_us = account->updated_us;
}

static enum status find(const struct roles *roles, const struct call *call, const char *login_id,
                        struct account *out)
{
    enum status st = store_find(roles->accounts, NULL, call, "login_id", login_id, out);

    return st == ST_NOT_FOUND ? call_fail(call, st, "not_found", "No account has this login id.")
                              : st;
}

enum status roles_show_own(void *self, const struct call *call, const void *in, void *out)
{
    const struct roles *roles = self;
    struct account account;
    enum status st = store_find(roles->accounts, NULL, call, NULL,
                                &((const struct own_account_query *)in)->user_id, &account);

    if (st == ST_OK)
        show(&account, out);
    explicit_bzero(&account, sizeof(account)); /* its password's hash */
    return st == ST_NOT_FOUND ? call_fail(call, st, NULL, "The account is gone.") : st;
}

enum status roles_show(void *self, const struct call *call, const void *in, void *out)
{
    struct account account;
    enum status st = find(self, call, ((const struct account_query *)in)->login_id, &account);

    if (st == ST_OK)
        show(&account, out);
    explicit_bzero(&account, sizeof(account)); /* its password's hash */
    return st;
}

/* One wish, over all tries of its transaction. */
struct change {
    const struct roles *roles;
    const struct role_change *wish;
    bool granted;
    bool changed; /* by the last try */
    struct account account;
};

static enum status set_role(void *row, const struct call *call, void *arg)
{
    struct change *change = arg;
    char *roles = ((struct account *)row)->roles;
    enum role role = (enum role)change->wish->role;

    (void)call;
    change->changed = role_has(roles, role) != change->granted;
    if (change->changed)
        role_set(roles, role, change->granted);
    return ST_OK;
}

static enum status change_and_say(struct transaction *tx, const struct call *call, void *arg)
{
    struct change *change = arg;
    const struct roles *roles = change->roles;
    struct uuid id = change->account.id;
    enum status st =
        store_change(roles->accounts, tx, call, &id,
                     &(struct store_change){.fn = set_role, .arg = change}, &change->account);

    if (st != ST_OK || !change->changed)
        return st;
    return event_say(roles->outbox, tx, call,
                     change->granted ? &AUTH_ROLE_GRANTED : &AUTH_ROLE_REVOKED,
                     &(struct role_event){id, change->wish->role});
}

/* An operator's tools are nobody in particular and say in the request's id who ran them. */
static void note(const struct change *change, const struct call *call)
{
    log_info(change->granted ? "role granted" : "role revoked", LOG_CALL(call),
             LOG_UUID("userId", change->account.id),
             LOG_TEXT("role", ROLE_NAMES[change->wish->role]));
}

static enum status change_role(const struct roles *roles, const struct call *call,
                               const struct role_change *wish, bool granted,
                               struct account_view *out)
{
    struct change change = {.roles = roles, .wish = wish, .granted = granted};
    enum status st = find(roles, call, wish->login_id, &change.account);

    if (st == ST_OK)
        st = transactor_run(roles->transactor, call, change_and_say, &change);
    if (st == ST_OK)
        show(&change.account, out);
    if (st == ST_OK && change.changed)
        note(&change, call);
    explicit_bzero(&change, sizeof(change)); /* the hash of a password */
    return st;
}

enum status roles_grant(void *self, const struct call *call, const void *in, void *out)
{
    return change_role(self, call, in, true, out);
}

enum status roles_revoke(void *self, const struct call *call, const void *in, void *out)
{
    return change_role(self, call, in, false, out);
}

static enum status end_all(struct transaction *tx, const struct call *call, void *arg)
{
    struct change *change = arg;
    const struct sessions *sessions = change->roles->sessions;
    enum status st = account_lock(sessions->accounts, tx, call, &change->account.id, NULL);

    return st == ST_OK
               ? sessions_revoke(sessions, tx, call, change->account.id, SESSIONS_BY_OPERATOR)
               : st;
}

enum status roles_logout(void *self, const struct call *call, const void *in, void *out)
{
    struct change change = {.roles = self};
    enum status st =
        find(self, call, ((const struct account_query *)in)->login_id, &change.account);

    if (st == ST_OK)
        st = transactor_run(change.roles->transactor, call, end_all, &change);
    if (st == ST_OK) {
        show(&change.account, out);
        log_info("sessions ended by an operator", LOG_CALL(call),
                 LOG_UUID("userId", change.account.id));
    }
    explicit_bzero(&change, sizeof(change)); /* the hash of a password */
    return st;
}
