/* account_store.h - accounts (hanok_auth.user): rows of struct account, and what may become of one.
 */
#ifndef DATASERVICE_AUTH_ACCOUNT_STORE_H
#define DATASERVICE_AUTH_ACCOUNT_STORE_H

#include "model/account.h"
#include "tool/store/store.h"

/** Found by its key, id, and by "login_id" (lower case). */
extern const struct table ACCOUNT_TABLE;

/* Each as the ops of tool/store/store.h; accounts is a store of ACCOUNT_TABLE. */

/** from -> to; ST_OK also when it is `to` already. ST_CONFLICT (some other status) | ST_NOT_FOUND
 */
enum status account_change_status(struct store *accounts, struct transaction *tx,
                                  const struct call *call, struct uuid id, enum account_status from,
                                  enum account_status to);
/** Only where the stored hash is still old_hash: ST_STALE. */
enum status account_change_password(struct store *accounts, struct transaction *tx,
                                    const struct call *call, struct uuid id, const char *old_hash,
                                    const char *new_hash);
/** Only while its status is `status`: ST_CONFLICT. ST_OK also when there is none. */
enum status account_remove(struct store *accounts, struct transaction *tx, const struct call *call,
                           struct uuid id, enum account_status status);

#endif
