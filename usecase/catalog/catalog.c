/* catalog.c - see catalog.h. */
#include "usecase/catalog/catalog.h"

enum status catalog_may_change(const struct catalog *catalog, struct transaction *tx,
                               const struct call *call, struct uuid store_id)
{
    struct store_open store;
    struct uuid caller;
    enum status st;

    if (call_has_role(call, "admin"))
        return ST_OK;
    st = store_find(catalog->stores, tx, call, NULL, &store_id, &store);
    if (st == ST_OK && uuid_parse(call->user, &caller) && uuid_equal(caller, store.owner_id))
        return ST_OK;
    if (st == ST_OK || st == ST_NOT_FOUND)
        return call_fail(call, ST_FORBIDDEN, NULL, "The store is another's.");
    return st;
}
