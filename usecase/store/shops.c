/* shops.c - see shops.h. */
#include "usecase/store/shops.h"

#include "protocol/store.h"
#include "tool/core/mem.h"
#include "tool/encoder/patch.h"

enum status shop_may_act(const struct shops *shops, struct transaction *tx, const struct call *call,
                         struct uuid store_id)
{
    struct store_row store;
    struct uuid caller;
    enum status st;

    if (call_has_role(call, "admin"))
        return ST_OK;
    st = store_find(shops->stores, tx, call, NULL, &store_id, &store);
    if (st == ST_OK && uuid_parse(call->user, &caller) && uuid_equal(caller, store.owner_id))
        return ST_OK;
    if (st == ST_OK || st == ST_NOT_FOUND)
        return call_fail(call, ST_FORBIDDEN, NULL, "The store is another's.");
    return st;
}

void shop_export(const void *row, void *data)
{
    const struct store_row *store = row;
    struct store_event *event = data;

    event->store_id = store->store_id;
    event->owner_id = store->owner_id;
    TEXT_COPY(event->name, store->name);
    event->open = store->open;
    event->auto_accept = store->auto_accept;
    event->version = store->version;
}

static enum status say(const struct shops *shops, struct transaction *tx, const struct call *call,
                       const struct store_row *store)
{
    struct store_event event = {.version = 0};

    shop_export(store, &event);
    return event_say(shops->outbox, tx, call, store->open ? &STORE_OPENED : &STORE_CLOSED, &event);
}

enum status shop_create(void *self, struct transaction *tx, const struct call *call, const void *in,
                        void *out)
{
    const struct shops *shops = self;
    const struct store_form *form = in;
    struct store_row *store = out;
    enum status st;

    store->store_id = form->store_id;
    if (uuid_is_nil(store->store_id))
        store->store_id = uuid_v7(call->clock, shops->entropy);
    store->owner_id = form->owner_id;
    TEXT_COPY(store->name, form->name);
    store->open = true;
    store->auto_accept = form->auto_accept;
    store->approve_unanswered = form->approve_unanswered;
    st = store_insert(shops->stores, tx, call, store, NULL);
    if (st == ST_CONFLICT)
        return call_fail(call, st, "store_exists", "There is a store of that id.");
    return st == ST_OK ? say(shops, tx, call, store) : st;
}

/* A store that becomes another; `before`: its version when it was locked. */
struct changing {
    const void *in;
    int64_t before;
};

/* What becomes of that row, and is said if it is another one then. */
static enum status change(const struct shops *shops, struct transaction *tx,
                          const struct call *call, struct uuid store_id,
                          enum status (*fn)(void *row, const struct call *call, void *arg),
                          const void *in, struct store_row *store)
{
    struct changing changing = {.in = in};
    enum status st = shop_may_act(shops, tx, call, store_id);

    if (st == ST_OK)
        st = store_change(shops->stores, tx, call, &store_id,
                          &(struct store_change){.fn = fn, .arg = &changing}, store);
    if (st == ST_NOT_FOUND)
        return call_fail(call, st, NULL, "There is no such store.");
    return st == ST_OK && store->version != changing.before ? say(shops, tx, call, store) : st;
}

static enum status set_open(void *row, const struct call *call, void *arg)
{
    struct store_row *store = row;
    struct changing *changing = arg;

    (void)call;
    changing->before = store->version;
    store->open = ((const struct store_opening *)changing->in)->open;
    return ST_OK;
}

enum status shop_open(void *self, struct transaction *tx, const struct call *call, const void *in,
                      void *out)
{
    return change(self, tx, call, ((const struct store_opening *)in)->store_id, set_open, in, out);
}

static enum status apply(void *row, const struct call *call, void *arg)
{
    struct store_row *store = row;
    struct changing *changing = arg;

    changing->before = store->version;
    if (call->if_version != 0 && call->if_version != CALL_ANY_VERSION &&
        call->if_version != store->version)
        return call_fail(call, ST_STALE, NULL, "The store is at version %lld.",
                         (long long)store->version);
    patch_apply(STORE_UPDATE.request, changing->in, STORE_UPDATE.reply, store);
    return ST_OK;
}

enum status shop_update(void *self, struct transaction *tx, const struct call *call, const void *in,
                        void *out)
{
    return change(self, tx, call, ((const struct store_patch *)in)->store_id, apply, in, out);
}

enum status shop_read(void *self, const struct call *call, const void *in, void *out)
{
    const struct shops *shops = self;
    const struct store_query *query = in;
    enum status st = store_find(shops->stores, NULL, call, NULL, &query->store_id, out);

    return st == ST_NOT_FOUND ? call_fail(call, st, NULL, "There is no such store.") : st;
}

enum status shop_list(void *self, const struct call *call, const void *in, void *out)
{
    const struct shops *shops = self;
    const struct store_filter *filter = in;
    const size_t limit = (size_t)filter->page.limit;
    struct store_list list = {.sort = "name"};
    struct store_page *page = out;
    struct cursor after;
    bool is_set;
    size_t n = 0;
    enum status st = cursor_open(shops->cursors, call, STORE_LIST.request, filter, &after, &is_set);

    if (st != ST_OK)
        return st;
    if (!uuid_is_nil(filter->owner_id))
        list.where[n++] = (struct store_equal){"owner_id", &filter->owner_id};
    if (given_has(STORE_LIST.request, filter, offsetof(struct store_filter, open)))
        list.where[n] = (struct store_equal){"open", &filter->open};
    if (is_set) {
        list.after_key = &after.id;
        list.after_sort = after.text;
    }
    st = store_list(shops->stores, NULL, call, &list, limit, page->items, &page->n_items);
    if (st == ST_OK && page->n_items == limit) {
        struct cursor last = {.id = page->items[limit - 1].store_id};
        TEXT_COPY(last.text, page->items[limit - 1].name);
        cursor_seal(shops->cursors, STORE_LIST.request, filter, &last, page->next_cursor);
    }
    return st;
}
