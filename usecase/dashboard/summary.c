/* summary.c - see summary.h. */
#include "usecase/dashboard/summary.h"

#include <string.h>

#include "protocol/dashboard.h"
#include "tool/core/mem.h"
#include "tool/encoder/patch.h"
#include "usecase/dashboard/reading.h"

enum { ROWS = 500, FIRST = 64 };

#define DAY_US (INT64_C(86400) * 1000000)
#define MINUTE_US (INT64_C(60) * 1000000)

/* How long something took each time. */
struct durations {
    int64_t *us;
    size_t n, room;
};

struct day {
    int64_t from_us, to_us;
    struct dashboard_summary *out;
    struct durations accept, cook, deliver;
};

static void note(struct durations *d, int64_t from_us, int64_t to_us)
{
    if (from_us == 0 || to_us == 0)
        return;
    if (d->n == d->room) {
        size_t room = d->room > 0 ? 2 * d->room : FIRST;
        int64_t *more = mem_alloc(room, sizeof(*more));

        if (d->n > 0)
            memcpy(more, d->us, d->n * sizeof(*more));
        free(d->us);
        d->us = more;
        d->room = room;
    }
    d->us[d->n++] = to_us - from_us;
}

static int compare(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

/* Of an even number the lower one of the two in the middle. */
static void tell_median(struct durations *d, struct dashboard_summary *out, int64_t *minutes,
                        size_t offset)
{
    if (d->n == 0)
        return;
    qsort(d->us, d->n, sizeof(*d->us), compare);
    *minutes = (d->us[(d->n - 1) / 2] + MINUTE_US / 2) / MINUTE_US;
    given_set(DASHBOARD_SUMMARY.reply, out, offset);
}

static void add_revenue(struct dashboard_summary *out, const struct dashboard *row)
{
    struct money sum = row->order.total;
    size_t i = 0;

    sum.amount = row->payment.captured - row->payment.refunded;
    if (sum.amount == 0)
        return;
    while (i < out->n_revenue && strcmp(out->revenue[i].currency, sum.currency) != 0)
        i++;
    if (i == SUMMARY_CURRENCIES_MAX)
        return;
    if (i == out->n_revenue)
        out->n_revenue++;
    (void)money_add(&out->revenue[i], sum);
}

static void add_row(struct day *day, struct dashboard *row)
{
    struct dashboard_summary *out = day->out;

    dashboard_derive(row);
    out->orders++;
    out->canceled += row->status == DASHBOARD_ORDER_CANCELED;
    out->rejected += row->status == DASHBOARD_ORDER_REJECTED;
    add_revenue(out, row);
    note(&day->accept, row->order.ordered_us, row->ticket.accepted_us);
    note(&day->cook, row->ticket.accepted_us, row->ticket.cooked_us);
    note(&day->deliver, row->ticket.cooked_us, row->delivery.delivered_us);
}

/* Backwards from the end of the day. */
static enum status read_day(const struct dashboards *self, const struct call *call,
                            const struct uuid *store_id, struct day *day)
{
    struct dashboard *rows = mem_alloc(ROWS, sizeof(*rows));
    struct store_list list = {.sort = "ordered_at", .descending = true};
    struct uuid after_id = {{0}};
    int64_t after_us = day->to_us;
    size_t n = ROWS;
    enum status st = ST_OK;

    if (!uuid_is_nil(*store_id))
        list.where[0] = (struct store_equal){"store_id", store_id};
    list.after_key = &after_id;
    list.after_sort = &after_us;
    while (st == ST_OK && n == ROWS && after_us >= day->from_us) {
        st = store_list(self->rows, NULL, call, &list, ROWS, rows, &n);
        for (size_t i = 0; st == ST_OK && i < n && rows[i].order.ordered_us >= day->from_us; i++)
            add_row(day, &rows[i]);
        if (st == ST_OK && n > 0) {
            after_id = rows[n - 1].order_id;
            after_us = rows[n - 1].order.ordered_us;
        }
    }
    free(rows);
    return st;
}

static enum status may_read(const struct dashboards *self, const struct call *call,
                            const struct dashboard_summary_query *query)
{
    bool owns = false;
    enum status st = ST_OK;

    if (call_has_role(call, "admin"))
        return ST_OK;
    if (!uuid_is_nil(query->store_id))
        st = dashboard_owns(self, call, query->store_id, &owns);
    if (st == ST_OK && !owns)
        st = call_fail(call, ST_FORBIDDEN, NULL, "It is not your store.");
    return st;
}

static void conclude(struct day *day)
{
    struct dashboard_summary *out = day->out;

    if (out->orders > 0)
        out->cancel_rate = (out->canceled * 100 + out->orders / 2) / out->orders;
    tell_median(&day->accept, out, &out->accept_minutes,
                offsetof(struct dashboard_summary, accept_minutes));
    tell_median(&day->cook, out, &out->cook_minutes,
                offsetof(struct dashboard_summary, cook_minutes));
    tell_median(&day->deliver, out, &out->deliver_minutes,
                offsetof(struct dashboard_summary, deliver_minutes));
}

enum status dashboard_summarize(void *self, const struct call *call, const void *in, void *out)
{
    const struct dashboards *dashboards = self;
    const struct dashboard_summary_query *query = in;
    const int64_t east_us = dashboards->day_east_s * 1000000;
    struct day day = {.out = out};
    enum status st = may_read(dashboards, call, query);

    day.out->day =
        given_has(DASHBOARD_SUMMARY.request, query, offsetof(struct dashboard_summary_query, day))
            ? query->day
            : (int32_t)((clock_wall_us(call->clock) + east_us) / DAY_US);
    day.from_us = day.out->day * DAY_US - east_us;
    day.to_us = day.from_us + DAY_US;
    if (st == ST_OK)
        st = read_day(dashboards, call, &query->store_id, &day);
    if (st == ST_OK)
        conclude(&day);
    free(day.accept.us);
    free(day.cook.us);
    free(day.deliver.us);
    return st;
}
