/* account_store.h - accounts (hanok_auth.user): rows of struct account. */
#ifndef DATASERVICE_AUTH_ACCOUNT_STORE_H
#define DATASERVICE_AUTH_ACCOUNT_STORE_H

#include "model/account.h"
#include "tool/store/invariant.h"
#include "tool/store/store.h"

/** Found by its key, id, and by "login_id" (lower case). */
extern const struct table ACCOUNT_TABLE;

/** In tx: locks the row until tx ends, as who says an event of an account does before. out (NULL =
 * not wanted): as it is. ST_OK | ST_NOT_FOUND | ST_UNAVAILABLE ... */
enum status account_lock(struct store *accounts, struct transaction *tx, const struct call *call,
                         const struct uuid *id, struct account *out);

/** What must be true of accounts, and of them with their sagas; sets: "accounts",
 * "active_accounts", "compensated_signups" (the accounts they were about), "withdrawing_accounts"
 * (an open saga takes them away), "withdrawn_accounts" (one has). */
extern const struct invariant ACCOUNT_INVARIANTS[];
extern const struct id_set ACCOUNT_ID_SETS[];

#endif
