/* account_store.h - accounts (hanok_auth.user): rows of struct account. */
#ifndef DATASERVICE_AUTH_ACCOUNT_STORE_H
#define DATASERVICE_AUTH_ACCOUNT_STORE_H

#include "model/account.h"
#include "tool/store/invariant.h"
#include "tool/store/store.h"

/** Found by its key, id, and by "login_id" (lower case). */
extern const struct table ACCOUNT_TABLE;

/** What must be true of accounts, and of them with their sagas; sets: "accounts",
 * "active_accounts", "compensated_signups" (the accounts they were about), "withdrawing_accounts"
 * (an open saga takes them away), "withdrawn_accounts" (one has). */
extern const struct invariant ACCOUNT_INVARIANTS[];
extern const struct id_set ACCOUNT_ID_SETS[];

#endif
