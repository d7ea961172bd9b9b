/* trail.c - see trail.h. */
#include "usecase/audit/trail.h"

#include <string.h>

#include "protocol/audit.h"
#include "tool/core/mem.h"

/* Its place: after the last one. Events of one user come one at a time, so that nobody else takes
 * it; the unique key decides where that is wrong for once. */
static enum status next_seq(const struct trail *trail, struct transaction *tx,
                            const struct call *call, struct uuid user_id, int64_t *seq)
{
    const struct store_list last = {
        .where = {{"user_id", &user_id}},
        .sort = "seq",
        .descending = true,
    };
    struct trail_entry *entry = MEM_NEW(struct trail_entry);
    size_t n;
    enum status st = store_list(trail->entries, tx, call, &last, 1, entry, &n);

    if (st == ST_OK)
        *seq = n > 0 ? entry->seq + 1 : 1;
    free(entry);
    return st;
}

static enum status note(const struct trail *trail, struct transaction *tx, const struct call *call,
                        struct trail_entry *entry)
{
    const char *taken;
    enum status st = next_seq(trail, tx, call, entry->user_id, &entry->seq);

    if (st == ST_OK)
        st = store_insert(trail->entries, tx, call, entry, &taken);
    if (st != ST_CONFLICT)
        return st;
    /* It is there already: the barrier has forgotten it, and the stream was fed again. */
    return strcmp(taken, "PRIMARY") == 0 ? ST_OK : ST_UNAVAILABLE;
}

enum status trail_note(void *self, struct transaction *tx, const struct call *call,
                       const struct event *event, const void *data)
{
    struct trail_entry *entry;
    enum status st;

    (void)data;
    if (event->json_len > TRAIL_DATA_MAX)
        return call_fail(call, ST_UNPROCESSABLE, "data_too_long", "Its data has %zu bytes.",
                         event->json_len);
    entry = MEM_NEW(struct trail_entry);
    entry->event_id = event->id;
    entry->user_id = event->key;
    entry->time_us = event->time_us;
    TEXT_COPY(entry->type, event->type->name);
    memcpy(entry->data, event->json, event->json_len);
    st = note(self, tx, call, entry);
    free(entry);
    return st;
}

enum status trail_read(void *self, const struct call *call, const void *in, void *out)
{
    const struct trail *trail = self;
    const struct trail_query *query = in;
    const size_t limit = (size_t)query->page.limit;
    struct trail_page *page = out;
    struct store_list list = {.where = {{"user_id", &query->user_id}}, .sort = "seq"};
    struct cursor after;
    bool is_set;
    enum status st =
        cursor_open(trail->cursors, call, AUDIT_EVENTS.request, query, &after, &is_set);

    if (st != ST_OK)
        return st;
    if (is_set) {
        list.after_key = &after.id;
        list.after_sort = &after.number;
    }
    st = store_list(trail->entries, NULL, call, &list, limit, page->items, &page->n_items);
    if (st == ST_OK && page->n_items == limit) {
        const struct trail_entry *last = &page->items[limit - 1];
        cursor_seal(trail->cursors, AUDIT_EVENTS.request, query,
                    &(struct cursor){.id = last->event_id, .number = last->seq}, page->next_cursor);
    }
    return st;
}
