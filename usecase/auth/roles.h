/* roles.h - what operators and its owner see of an account, and the roles that are granted it. */
#ifndef USECASE_AUTH_ROLES_H
#define USECASE_AUTH_ROLES_H

#include "dataservice/auth/account_store.h"
#include "model/role.h"
#include "tool/core/transaction.h"
#include "tool/outbox/outbox.h"
#include "usecase/auth/sessions.h"

/* Borrowed. Read-only once wired. */
struct roles {
    struct store *accounts;
    struct transactor *transactor;
    struct outbox *outbox;
    const struct sessions *sessions;
};

/** struct account_query -> struct account_view. ST_OK | ST_NOT_FOUND | ST_UNAVAILABLE */
enum status roles_show(void *self, const struct call *call, const void *in, void *out);
/** struct own_account_query -> struct account_view. ST_OK | ST_NOT_FOUND | ST_UNAVAILABLE */
enum status roles_show_own(void *self, const struct call *call, const void *in, void *out);
/** struct role_change -> struct account_view as it is then; the next login or refresh has it in its
 * token. What changes something is an event, in the same commit, and a line in the log.
 * ST_OK (also when it had the role) | ST_NOT_FOUND | ST_UNAVAILABLE | ST_UNCERTAIN */
enum status roles_grant(void *self, const struct call *call, const void *in, void *out);
/** The same, taken away; tokens that were granted before keep it until they end, but for routes
 * that ask for the roles as they are now (auth=fresh). */
enum status roles_revoke(void *self, const struct call *call, const void *in, void *out);
/** struct account_query -> struct account_view: every session of it ends; said, unless there was
 * none. ST_OK | ST_NOT_FOUND | ST_UNAVAILABLE | ST_UNCERTAIN */
enum status roles_logout(void *self, const struct call *call, const void *in, void *out);

#endif
