/* roles.c - see roles.h. */
#include "usecase/auth/roles.h"

#include <string.h>

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

enum status roles_show(void *self, const struct call *call, const void *in, void *out)
{
    struct account account;
    enum status st = find(self, call, ((const struct account_query *)in)->login_id, &account);

    if (st == ST_OK)
        show(&account, out);
    explicit_bzero(&account, sizeof(account)); /* its password's hash */
    return st;
}

struct change {
    enum role role;
    bool granted;
};

static enum status set_role(void *row, const struct call *call, void *arg)
{
    const struct change *change = arg;

    (void)call;
    role_set(((struct account *)row)->roles, change->role, change->granted);
    return ST_OK;
}

static enum status change_role(const struct roles *roles, const struct call *call,
                               const struct role_change *wish, bool granted,
                               struct account_view *out)
{
    struct change change = {(enum role)wish->role, granted};
    struct account account;
    enum status st = find(roles, call, wish->login_id, &account);
    struct uuid id = st == ST_OK ? account.id : (struct uuid){{0}};

    if (st == ST_OK)
        st = store_change(roles->accounts, NULL, call, &id,
                          &(struct store_change){.fn = set_role, .arg = &change}, &account);
    if (st == ST_OK) {
        show(&account, out);
        log_info(granted ? "role granted" : "role revoked", LOG_CALL(call),
                 LOG_UUID("userId", account.id), LOG_TEXT("role", ROLE_NAMES[wish->role]));
    }
    explicit_bzero(&account, sizeof(account));
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
