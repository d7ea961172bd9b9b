/* identity_store.h - who is who outside (hanok_auth.identity): rows of struct identity. */
#ifndef DATASERVICE_AUTH_IDENTITY_STORE_H
#define DATASERVICE_AUTH_IDENTITY_STORE_H

#include "model/identity.h"
#include "tool/store/store.h"

/** Found by its key, id; listed by "user_id". */
extern const struct table IDENTITY_TABLE;

#endif
