/* account_data_service.h - where accounts are kept (hanok_auth.user). By mysql/ and memory/. */
#ifndef DATASERVICE_ACCOUNT_DATA_SERVICE_H
#define DATASERVICE_ACCOUNT_DATA_SERVICE_H

#include "model/account.h"
#include "tool/core/call.h"
#include "tool/core/transaction.h"

struct account_data_service {
    const struct account_data_ops *ops;
};

/* Every op is required, borrows its arguments, writes *out only on ST_OK, blocks until
 * call->deadline_ms at most, and may be called from any thread. tx NULL: on its own. */
struct account_data_ops {
    /** Stores id, login_id, password_hash, status; times are set by the store. The unique index
     * decides who owns the login id. ST_OK | ST_CONFLICT (taken) | ST_UNAVAILABLE | ST_UNCERTAIN */
    enum status (*insert)(struct account_data_service *self, struct transaction *tx,
                          const struct call *call, const struct account *account);
    /** login_id: lower case. ST_OK | ST_NOT_FOUND | ST_UNAVAILABLE */
    enum status (*find_by_login_id)(struct account_data_service *self, struct transaction *tx,
                                    const struct call *call, const char *login_id,
                                    struct account *out);
    enum status (*find)(struct account_data_service *self, struct transaction *tx,
                        const struct call *call, struct uuid id, struct account *out);
    /** from -> to; ST_OK also when it is `to` already. ST_NOT_FOUND | ST_CONFLICT (some other
     * status) | ST_UNAVAILABLE | ST_UNCERTAIN */
    enum status (*change_status)(struct account_data_service *self, struct transaction *tx,
                                 const struct call *call, struct uuid id, enum account_status from,
                                 enum account_status to);
    /** Only where the stored hash is still old_hash. ST_OK | ST_STALE | ST_UNAVAILABLE |
     * ST_UNCERTAIN */
    enum status (*change_password)(struct account_data_service *self, struct transaction *tx,
                                   const struct call *call, struct uuid id, const char *old_hash,
                                   const char *new_hash);
    /** Only while its status is `status`. ST_OK also when there is none. ST_CONFLICT (other
     * status) | ST_UNAVAILABLE | ST_UNCERTAIN */
    enum status (*remove)(struct account_data_service *self, struct transaction *tx,
                          const struct call *call, struct uuid id, enum account_status status);
    /** Frees self; NULL is fine. No other op may be running. */
    void (*destroy)(struct account_data_service *self);
};

#endif
