/* store_hearing.c - see store_hearing.h. */
#include "usecase/catalog/store_hearing.h"

#include "model/store.h"

enum status store_hear(void *self, struct transaction *tx, const struct call *call,
                       const struct event *event, const void *data)
{
    const struct catalog *catalog = self;
    const struct store_event *said = data;
    const struct store_open store = {.store_id = said->store_id,
                                     .owner_id = said->owner_id,
                                     .open = said->open,
                                     .version = said->version};
    enum status st = store_keep(catalog->stores, tx, call, &store, NULL);

    (void)event;
    return st == ST_STALE ? ST_OK : st;
}
