/* shops.h - what the use cases of stores and their tickets are made of, and stores themselves: who
 * has one changes, opens and closes it, everybody reads it. */
#ifndef USECASE_STORE_SHOPS_H
#define USECASE_STORE_SHOPS_H

#include "dataservice/store/store_tables.h"
#include "tool/once/barrier.h"
#include "tool/outbox/outbox.h"
#include "tool/page/cursor.h"

/* All borrowed. Read-only once wired. */
struct shops {
    struct store *stores, *tickets, *lines;
    struct transactor *transactor;
    struct barrier *barrier; /* questions of sagas */
    struct outbox *outbox;
    const struct entropy *entropy;
    const struct cursor_key *cursors;
    int64_t accept_within_us;  /* then a ticket is rejected that nobody has answered */
    int64_t consent_within_us; /* then who asked to cancel is answered in the store's place */
};

/** Whether the caller may act for that store: its owner, or who has the role admin. tx NULL: on its
 * own. ST_OK | ST_FORBIDDEN (also when there is no such store) | ST_UNAVAILABLE */
enum status shop_may_act(const struct shops *shops, struct transaction *tx, const struct call *call,
                         struct uuid store_id);

/** in: struct store_form, out: struct store_row: made, and open. ST_OK | ST_CONFLICT store_exists |
 * ST_UNAVAILABLE */
enum status shop_create(void *self, struct transaction *tx, const struct call *call, const void *in,
                        void *out);
/** in: struct store_opening, out: struct store_row. One that is so already stays as it is. ST_OK |
 * ST_FORBIDDEN | ST_NOT_FOUND | ST_UNAVAILABLE */
enum status shop_open(void *self, struct transaction *tx, const struct call *call, const void *in,
                      void *out);
/** in: struct store_patch, out: struct store_row as it is then. ST_OK | ST_FORBIDDEN | ST_NOT_FOUND
 * | ST_STALE (call->if_version names another version) | ST_UNAVAILABLE */
enum status shop_update(void *self, struct transaction *tx, const struct call *call, const void *in,
                        void *out);
/** in: struct store_query, out: struct store_row. ST_OK | ST_NOT_FOUND | ST_UNAVAILABLE */
enum status shop_read(void *self, const struct call *call, const void *in, void *out);
/** in: struct store_filter, out: struct store_page. ST_OK | ST_INVALID (the cursor) |
 * ST_UNAVAILABLE */
enum status shop_list(void *self, const struct call *call, const void *in, void *out);
/** For export: a struct store_row as struct store_event. Pure. */
void shop_export(const void *row, void *data);

#endif
