/* profile_data_service.h - where profiles are kept (hanok_user.user_inform). By mysql/ and memory/.
 */
#ifndef DATASERVICE_PROFILE_DATA_SERVICE_H
#define DATASERVICE_PROFILE_DATA_SERVICE_H

#include "model/profile.h"
#include "tool/core/call.h"
#include "tool/core/transaction.h"

struct profile_data_service {
    const struct profile_data_ops *ops;
};

/* Every op is required, borrows its arguments, writes *out only on ST_OK, blocks until
 * call->deadline_ms at most, and may be called from any thread. tx NULL: on its own. */
struct profile_data_ops {
    /** Stores user_id, name, email, phone; version becomes 1, times are set by the store. An e-mail
     * belongs to one profile, compared without case. ST_OK | ST_CONFLICT (the e-mail is another
     * profile's; the transaction can go on) | ST_UNAVAILABLE | ST_UNCERTAIN */
    enum status (*insert)(struct profile_data_service *self, struct transaction *tx,
                          const struct call *call, const struct profile *profile);
    /** ST_OK | ST_NOT_FOUND | ST_UNAVAILABLE */
    enum status (*find)(struct profile_data_service *self, struct transaction *tx,
                        const struct call *call, struct uuid user_id, struct profile *out);
    /** ST_OK also when there is none. ST_UNAVAILABLE | ST_UNCERTAIN */
    enum status (*remove)(struct profile_data_service *self, struct transaction *tx,
                          const struct call *call, struct uuid user_id);
    /** Frees self; NULL is fine. No other op may be running. */
    void (*destroy)(struct profile_data_service *self);
};

#endif
