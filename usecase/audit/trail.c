/* trail.c - see trail.h. */
#include "usecase/audit/trail.h"

#include <string.h>

#include "protocol/audit.h"
#include "tool/core/mem.h"

/* Its place in the line is its time: services say events of a user side by side, so that one may
 * come before what led to it. But what one service says comes in order, whatever its clock does. */
static enum status find_place(const struct trail *trail, struct transaction *tx,
                              const struct call *call, struct trail_entry *entry)
{
    const struct store_list last = {
        .where = {{"user_id", &entry->user_id}, {"source", entry->source}},
        .sort = "place",
        .descending = true,
    };
    struct trail_entry *before = MEM_NEW(struct trail_entry);
    size_t n;
    enum status st = store_list(trail->entries, tx, call, &last, 1, before, &n);

    entry->place_us = entry->time_us;
    if (st == ST_OK && n > 0 && before->place_us >= entry->time_us)
        entry->place_us = before->place_us + 1;
    free(before);
    return st;
}

enum status trail_note(void *self, struct transaction *tx, const struct call *call,
                       const struct event *event, const void *data)
{
    const struct trail *trail = self;
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
    TEXT_COPY(entry->source, event->source);
    st = find_place(trail, tx, call, entry);
    if (st == ST_OK)
        st = store_insert(trail->entries, tx, call, entry, NULL);
    free(entry);
    /* A conflict: the barrier has forgotten it, and the stream was fed again. */
    return st == ST_CONFLICT ? ST_OK : st;
}

enum status trail_read(void *self, const struct call *call, const void *in, void *out)
{
    const struct trail *trail = self;
    const struct trail_query *query = in;
    const size_t limit = (size_t)query->page.limit;
    struct trail_page *page = out;
    struct store_list list = {.where = {{"user_id", &query->user_id}}, .sort = "place"};
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
                    &(struct cursor){.id = last->event_id, .number = last->place_us},
                    page->next_cursor);
    }
    return st;
}
