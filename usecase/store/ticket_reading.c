/* ticket_reading.c - see ticket_reading.h. */
#include "usecase/store/ticket_reading.h"

#include "protocol/store.h"
#include "tool/core/mem.h"
#include "tool/encoder/patch.h"
#include "usecase/store/ticket_row.h"

void ticket_export(const void *row, void *data)
{
    const struct ticket *ticket = row;
    struct ticket_event *event = data;

    event->order_id = ticket->order_id;
    event->store_id = ticket->store_id;
    event->owner_id = ticket->owner_id;
    event->user_id = ticket->user_id;
    TEXT_COPY(event->order_num, ticket->order_num);
    TEXT_COPY(event->status, TICKET_STATUS_NAMES[ticket->status]);
    event->cancel_asked = ticket->cancel_asked;
    event->accept_by_us = ticket->accept_by_us;
    event->minutes = ticket->minutes;
    TEXT_COPY(event->reason, ticket->reason);
    event->version = ticket->version;
    event->at_us = ticket->updated_us;
    event->accepted_us = ticket->accepted_us;
    event->cooked_us = ticket->cooked_us;
}

/* Whether it is of an order of the caller's. */
static enum status find_own(const struct shops *shops, const struct call *call,
                            const struct ticket_query *which, struct ticket *out)
{
    struct uuid caller;
    enum status st = store_find(shops->tickets, NULL, call, NULL, &which->order_id, out);

    if (st == ST_OK && (!uuid_equal(out->store_id, which->store_id) ||
                        !uuid_parse(call->user, &caller) || !uuid_equal(out->user_id, caller)))
        st = ST_NOT_FOUND;
    return st;
}

/* Who ordered is shown it too; what may be done with it is the store's. */
enum status ticket_read(void *self, const struct call *call, const void *in, void *out)
{
    const struct shops *shops = self;
    struct ticket_view *view = out;
    struct ticket ticket;
    enum status st = ticket_find(shops, NULL, call, in, &ticket), own = ST_NOT_FOUND;
    bool ordered;

    if (st == ST_FORBIDDEN)
        own = find_own(shops, call, in, &ticket);
    ordered = own == ST_OK;
    if (!ordered && own != ST_NOT_FOUND) /* nobody knows whose it is */
        return own;
    if (st == ST_OK || ordered)
        st = ticket_show(shops, NULL, call, &ticket, 1, view);
    if (ordered)
        view->n_actions = 0;
    return st;
}

static enum status read_page(const struct shops *shops, const struct call *call,
                             const struct ticket_list *query, const struct store_list *list,
                             struct ticket_page *page)
{
    const size_t limit = (size_t)query->page.limit;
    struct ticket *rows = mem_alloc(limit, sizeof(*rows));
    size_t n = 0;
    enum status st = store_list(shops->tickets, NULL, call, list, limit, rows, &n);

    if (st == ST_OK)
        st = ticket_show(shops, NULL, call, rows, n, page->items);
    page->n_items = n;
    if (st == ST_OK && n == limit)
        cursor_seal(shops->cursors, STORE_TICKET_LIST.request, query,
                    &(struct cursor){.id = rows[n - 1].order_id, .number = rows[n - 1].created_us},
                    page->next_cursor);
    free(rows);
    return st;
}

enum status ticket_read_list(void *self, const struct call *call, const void *in, void *out)
{
    const struct shops *shops = self;
    const struct ticket_list *query = in;
    struct store_list list = {
        .where = {{"store_id", &query->store_id}}, .sort = "created_at", .descending = true};
    struct cursor after;
    bool is_set;
    enum status st = shop_may_act(shops, NULL, call, query->store_id);

    if (st == ST_OK)
        st = cursor_open(shops->cursors, call, STORE_TICKET_LIST.request, query, &after, &is_set);
    if (st != ST_OK)
        return st;
    if (given_has(STORE_TICKET_LIST.request, query, offsetof(struct ticket_list, status)))
        list.where[1] = (struct store_equal){"status", &query->status};
    if (is_set) {
        list.after_key = &after.id;
        list.after_sort = &after.number;
    }
    return read_page(shops, call, query, &list, out);
}
