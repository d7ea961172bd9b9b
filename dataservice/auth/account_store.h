/* account_store.h - accounts (hanok_auth.user): rows of struct account. */
#ifndef DATASERVICE_AUTH_ACCOUNT_STORE_H
#define DATASERVICE_AUTH_ACCOUNT_STORE_H

#include "model/account.h"
#include "tool/store/store.h"

/** Found by its key, id, and by "login_id" (lower case). */
extern const struct table ACCOUNT_TABLE;

#endif
