/* deliveries.h - what the use cases of deliveries work with. */
#ifndef USECASE_DELIVERY_DELIVERIES_H
#define USECASE_DELIVERY_DELIVERIES_H

#include "dataservice/delivery/delivery_store.h"
#include "tool/outbox/outbox.h"
#include "tool/page/cursor.h"
#include "tool/remote/remote.h"

/* All borrowed. Read-only once wired. */
struct deliveries {
    struct store *deliveries;
    struct outbox *outbox;
    struct remote *remote;
    const struct cursor_key *cursors;
    int64_t pickup_within_us; /* who has what is ready keeps it for so long */
};

#endif
