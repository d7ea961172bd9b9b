/* digest.c - see digest.h. A row follows from its parts, so that what is compared are these: each
 * has a hash, and all of them are added up, in whatever order they come. */
#include "usecase/dashboard/digest.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tool/core/mem.h"
#include "tool/crypto/digest.h"
#include "usecase/dashboard/sources.h"

enum { ROWS = 500, TEXT_MAX = 1535 };

struct sum {
    uint64_t high, low;
    int64_t parts, wrong;
};

/* of: which part of which order. */
static void add(struct sum *sum, struct uuid order_id, const char *of, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
static void add(struct sum *sum, struct uuid order_id, const char *of, const char *fmt, ...)
{
    char text[TEXT_MAX + 1], id[UUID_TEXT_LEN + 1];
    uint8_t hash[DIGEST_LEN];
    uint64_t halves[2];
    va_list args;
    int n = snprintf(text, sizeof(text), "%s|%s|", uuid_text(order_id, id), of);

    va_start(args, fmt);
    vsnprintf(text + n, sizeof(text) - (size_t)n, fmt, args);
    va_end(args);
    digest_sha256(text, strlen(text), hash);
    memcpy(halves, hash, sizeof(halves));
    sum->low += halves[1];
    sum->high += halves[0] + (sum->low < halves[1]);
    sum->parts++;
}

static void add_order(struct sum *sum, const struct dashboard *row)
{
    const struct dashboard_order *o = &row->order;
    char user[UUID_TEXT_LEN + 1], store[UUID_TEXT_LEN + 1];

    if (o->version > 0)
        add(sum, row->order_id, "order",
            "%lld|%s|%s|%s|%s|%s|%s|%lld|%lld|%lld|%s|%d|%s|%lld|%lld|%lld", (long long)o->version,
            uuid_text(row->user_id, user), uuid_text(row->store_id, store), o->order_num, o->status,
            o->payment_status, o->item_name, (long long)o->item_qty, (long long)o->lines,
            (long long)o->total.amount, o->total.currency, o->cancel_asked, o->reason,
            (long long)o->ordered_us, (long long)o->ended_us, (long long)o->as_of_us);
}

static void add_payment(struct sum *sum, const struct dashboard *row)
{
    const struct dashboard_payment *p = &row->payment;

    if (p->version > 0)
        add(sum, row->order_id, "payment", "%lld|%s|%lld|%lld|%s|%lld|%lld", (long long)p->version,
            p->status, (long long)p->captured, (long long)p->refunded, p->reason,
            (long long)p->paid_us, (long long)p->as_of_us);
}

static void add_ticket(struct sum *sum, const struct dashboard *row)
{
    const struct dashboard_ticket *t = &row->ticket;
    char owner[UUID_TEXT_LEN + 1];

    if (t->version > 0)
        add(sum, row->order_id, "ticket", "%lld|%s|%s|%d|%s|%lld|%lld|%lld", (long long)t->version,
            uuid_text(t->owner_id, owner), t->status, t->cancel_asked, t->reason,
            (long long)t->accepted_us, (long long)t->cooked_us, (long long)t->as_of_us);
}

static void add_delivery(struct sum *sum, const struct dashboard *row)
{
    const struct dashboard_delivery *d = &row->delivery;

    if (d->version > 0)
        add(sum, row->order_id, "delivery", "%lld|%s|%lld|%lld|%lld", (long long)d->version,
            d->status, (long long)d->picked_up_us, (long long)d->delivered_us,
            (long long)d->as_of_us);
}

static void add_row(struct sum *sum, const struct dashboard *row)
{
    add_order(sum, row);
    add_payment(sum, row);
    add_ticket(sum, row);
    add_delivery(sum, row);
}

static enum status add_table(const struct dashboards *self, const struct call *call,
                             struct sum *sum)
{
    struct dashboard *rows = mem_alloc(ROWS, sizeof(*rows));
    struct uuid after = {{0}};
    struct store_list list = {0};
    size_t n = ROWS;
    enum status st = ST_OK;

    while (st == ST_OK && n == ROWS) {
        st = store_list(self->rows, NULL, call, &list, ROWS, rows, &n);
        for (size_t i = 0; st == ST_OK && i < n; i++) {
            int status = rows[i].status;

            dashboard_derive(&rows[i]);
            sum->wrong += status != rows[i].status;
            add_row(sum, &rows[i]);
        }
        if (st == ST_OK && n > 0)
            after = rows[n - 1].order_id;
        list.after_key = &after;
    }
    free(rows);
    return st;
}

static enum status add_sources(const struct dashboards *self, const struct call *call,
                               struct sum *sum)
{
    struct dashboard_sources *sources = dashboard_sources_open(self, (struct uuid){{0}});
    struct dashboard_batch *batch = MEM_NEW(struct dashboard_batch);
    enum status st = ST_OK;

    while (st == ST_OK && !batch->is_last) {
        st = dashboard_sources_next(sources, call, batch);
        for (size_t i = 0; st == ST_OK && i < batch->n; i++)
            add_row(sum, &batch->rows[i]);
    }
    free(batch);
    dashboard_sources_close(sources);
    return st;
}

enum status dashboard_tell_digest(void *self, const struct call *call, const void *in, void *out)
{
    const struct dashboard_digest_query *query = in;
    struct dashboard_digest *digest = out;
    struct sum sum = {0};
    enum status st = query->fresh ? add_sources(self, call, &sum) : add_table(self, call, &sum);

    if (st != ST_OK)
        return st;
    snprintf(digest->digest, sizeof(digest->digest), "%016llx%016llx", (unsigned long long)sum.high,
             (unsigned long long)sum.low);
    digest->parts = sum.parts;
    digest->wrong = sum.wrong;
    return ST_OK;
}
