/* owners.c - see owners.h. */
#include "usecase/payment/owners.h"

#include "protocol/store.h"

enum status store_owner_keep(void *self, struct transaction *tx, const struct call *call,
                             const struct event *event, const void *data)
{
    const struct payment_case *p = self;
    const struct store_event *store = data;
    const struct store_owner owner = {store->store_id, store->owner_id, store->version};
    enum status st = store_keep(p->owners, tx, call, &owner, NULL);

    (void)event;
    return st == ST_STALE ? ST_OK : st;
}

enum status store_is_run_by(const struct payment_case *p, struct transaction *tx,
                            const struct call *call, struct uuid store_id, bool *runs)
{
    struct store_owner owner;
    struct uuid caller;
    enum status st;

    *runs = call_has_role(call, "admin");
    if (*runs || !uuid_parse(call->user, &caller))
        return ST_OK;
    st = store_find(p->owners, tx, call, NULL, &store_id, &owner);
    *runs = st == ST_OK && uuid_equal(owner.owner_id, caller);
    return st == ST_NOT_FOUND ? ST_OK : st;
}
