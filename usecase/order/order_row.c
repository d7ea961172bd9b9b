/* order_row.c - see order_row.h. */
#include "usecase/order/order_row.h"

#include <string.h>

#include "protocol/order.h"
#include "tool/core/mem.h"

/* What the longest lines leave of an event for names. */
enum { NAMES_BYTES = 800 };

struct moving {
    const struct order_move *move;
    char from[ORDER_STATUS_MAX + 1];
    int64_t version; /* before */
};

static enum status move_row(void *row, const struct call *call, void *arg)
{
    struct order *order = row;
    struct moving *moving = arg;
    const struct order_move *move = moving->move;
    enum status st = ST_OK;

    TEXT_COPY(moving->from, ORDER_STATUS_NAMES[order->status]);
    moving->version = order->version;
    if (move->action)
        st = states_move(&ORDER_STATES, call, &order->status, move->action, 1U << move->actor);
    if (st == ST_OK && order->ended_us == 0 && order_has_ended(order->status))
        order->ended_us = clock_wall_us(call->clock);
    if (st == ST_OK && move->also)
        move->also(order, move->arg);
    return st;
}

enum status order_read_lines(const struct orders *orders, struct transaction *tx,
                             const struct call *call, struct uuid id, struct order_lines *out)
{
    const struct store_list list = {.where = {{"order_id", &id}}, .sort = "seq"};

    return store_list(orders->lines, tx, call, &list, ORDER_LINES_MAX, out->rows, &out->n);
}

enum status order_read_all_lines(const struct orders *orders, const struct call *call,
                                 const void *const ids[], size_t n, struct order_lines *out)
{
    const struct store_many many = {"order_id", ids, n, "seq"};
    struct order_line_row *rows;
    size_t *counts;
    enum status st;

    if (n == 0)
        return ST_OK;
    rows = mem_alloc(n * ORDER_LINES_MAX, sizeof(*rows));
    counts = mem_alloc(n, sizeof(*counts));
    st = store_list_many(orders->lines, NULL, call, &many, ORDER_LINES_MAX, rows, counts);
    for (size_t i = 0; st == ST_OK && i < n; i++) {
        out[i].n = counts[i];
        memcpy(out[i].rows, &rows[i * ORDER_LINES_MAX], counts[i] * sizeof(*rows));
    }
    free(counts);
    free(rows);
    return st;
}

struct order_line order_line_of(const struct order *order, const struct order_line_row *row)
{
    struct order_line line = row->sent;

    if (order->status == ORDER_STATUS_PENDING)
        line.name[0] = '\0';
    else if (row->reserved)
        line.unit_price.amount = row->charged;
    return line;
}

/* In JSON. */
static size_t name_bytes(const char *name)
{
    size_t n = sizeof(",\"name\":\"\"");

    for (; *name; name++)
        n += *name == '"' || *name == '\\' ? 2 : 1;
    return n;
}

void order_event_of(const struct order *order, const struct order_lines *lines,
                    struct order_event *event)
{
    size_t names = 0;

    *event = (struct order_event){
        .order_id = order->order_id,
        .user_id = order->user_id,
        .store_id = order->store_id,
        .total = order->total,
        .cancel_asked = order->cancel_asked,
        .version = order->version,
        .n_lines = lines->n,
        .created_us = order->created_us,
        .updated_us = order->updated_us,
        .ended_us = order->ended_us,
    };
    TEXT_COPY(event->order_num, order->order_num);
    TEXT_COPY(event->status, ORDER_STATUS_NAMES[order->status]);
    TEXT_COPY(event->payment_status, order->payment_status);
    TEXT_COPY(event->reason, order->reason);
    for (size_t i = 0; i < lines->n; i++) {
        struct order_line *line = &event->lines[i];
        *line = order_line_of(order, &lines->rows[i]);
        names += name_bytes(line->name);
        if (i == 0)
            TEXT_COPY(event->item_name, line->name);
        if (names > NAMES_BYTES)
            line->name[0] = '\0';
    }
}

static enum status note(const struct orders *orders, struct transaction *tx,
                        const struct call *call, const struct order *order, const char *from,
                        const struct order_move *move)
{
    struct order_history entry = {
        .entry_id = uuid_v7(orders->clock, orders->entropy),
        .order_id = order->order_id,
        .seq = order->version,
        .at_us = order->updated_us,
        .by = (int)move->actor,
        .by_id = move->by_id,
    };

    TEXT_COPY(entry.from, from);
    TEXT_COPY(entry.to, ORDER_STATUS_NAMES[order->status]);
    if (move->reason)
        TEXT_COPY(entry.reason, move->reason);
    return store_insert(orders->history, tx, call, &entry, NULL);
}

static enum status say(const struct orders *orders, struct transaction *tx, const struct call *call,
                       const struct order *order, const struct order_move *move)
{
    struct order_lines *read = move->lines ? NULL : MEM_NEW(struct order_lines);
    struct order_event event;
    enum status st = read ? order_read_lines(orders, tx, call, order->order_id, read) : ST_OK;

    if (st == ST_OK) {
        order_event_of(order, read ? read : move->lines, &event);
        st = event_say(orders->outbox, tx, call, move->says, &event);
    }
    free(read);
    return st;
}

/* Once: what is said of an order after its end, as of a refund, keeps its address no longer. */
static enum status forget_later(void *row, const struct call *call, void *arg)
{
    struct order_address_row *address = row;
    int64_t ended_us = *(const int64_t *)arg;

    (void)call;
    if (address->forget_us == ORDER_KEPT)
        address->forget_us = ended_us + ORDER_ADDRESS_KEPT_US;
    else if (address->forget_us == ORDER_KEPT_TO_END)
        address->forget_us = ended_us;
    return ST_OK;
}

enum status order_tell(const struct orders *orders, struct transaction *tx, const struct call *call,
                       const struct order *order, const char *from, const struct order_move *move)
{
    int64_t ended_us = order->ended_us;
    enum status st = note(orders, tx, call, order, from, move);

    if (st == ST_OK && order_has_ended(order->status))
        st = store_change(orders->addresses, tx, call, &order->order_id,
                          &(struct store_change){.fn = forget_later, .arg = &ended_us}, NULL);
    if (st == ST_OK || st == ST_NOT_FOUND)
        st = say(orders, tx, call, order, move);
    return st;
}

enum status order_move(const struct orders *orders, struct transaction *tx, const struct call *call,
                       struct uuid id, const struct order_move *move, struct order *out)
{
    struct moving moving = {.move = move};
    struct order order;
    enum status st = store_change(orders->orders, tx, call, &id,
                                  &(struct store_change){.fn = move_row, .arg = &moving}, &order);

    if (st == ST_OK && order.version != moving.version)
        st = order_tell(orders, tx, call, &order, moving.from, move);
    if (st == ST_OK && out)
        *out = order;
    return st;
}

static bool is_own(const struct call *call, const struct order *order)
{
    struct uuid caller;

    return uuid_parse(call->user, &caller) && uuid_equal(caller, order->user_id);
}

enum order_actor order_actor_of(const struct call *call, const struct order *order)
{
    return is_own(call, order) ? ORDER_ACTOR_CUSTOMER : ORDER_ACTOR_ADMIN;
}

enum status order_find(const struct orders *orders, const struct call *call, const char *by,
                       const void *key, struct order *out)
{
    struct order found;
    enum status st = store_find(orders->orders, NULL, call, by, key, &found);

    if (st == ST_OK && !is_own(call, &found) && !call_has_role(call, "admin"))
        st = ST_NOT_FOUND;
    if (st == ST_NOT_FOUND)
        return call_fail(call, st, NULL, "There is no such order.");
    if (st == ST_OK)
        *out = found;
    return st;
}
