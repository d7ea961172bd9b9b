/* dashboard.c - see dashboard.h. */
#include "model/dashboard.h"

#include <stdio.h>
#include <string.h>

#include "tool/core/mem.h"

const char *const DASHBOARD_STATUS_NAMES[] = {
#define X(name, text) text,
    DASHBOARD_STATUS_LIST(X)
#undef X
        NULL,
};

const char *const REBUILD_STATE_NAMES[] = {"IDLE", "WANTED", "READING", "SWAPPING", NULL};

const struct uuid DASHBOARD_REBUILD_ID = {{1}};

/* What a part's status comes to, unless a part behind it says more. */
struct meaning {
    const char *text;
    enum dashboard_status status;
};

/* clang-format off */
static const struct meaning OF_END[] = {
    {"REJECTED",  DASHBOARD_ORDER_REJECTED},
    {"CANCELED",  DASHBOARD_ORDER_CANCELED},
    {"COMPLETED", DASHBOARD_DELIVERED},
    {NULL,        DASHBOARD_ORDERED},
};
static const struct meaning OF_DELIVERY[] = {
    {"STARTED",   DASHBOARD_DELIVERY_STARTED},
    {"PICKED_UP", DASHBOARD_PICKED_UP},
    {"DELIVERED", DASHBOARD_DELIVERED},
    {NULL,        DASHBOARD_ORDERED},
};
static const struct meaning OF_TICKET[] = {
    {"ACCEPTED",  DASHBOARD_ACCEPTED},
    {"COOKING",   DASHBOARD_COOKING},
    {"READY",     DASHBOARD_COOKED},
    {"PICKED_UP", DASHBOARD_PICKED_UP},
    /* What its order comes to then, which says so a little later. */
    {"REJECTED",  DASHBOARD_ORDER_CANCELED},
    {"CANCELED",  DASHBOARD_ORDER_CANCELED},
    {NULL,        DASHBOARD_ORDERED},
};
static const struct meaning OF_PAYMENT[] = {
    {"AWAITING_PAYMENT", DASHBOARD_PAYMENT_DEFERRED},
    {"PAYING",           DASHBOARD_PAYMENT_DEFERRED},
    {NULL,               DASHBOARD_ORDERED},
};
/* clang-format on */

static bool means(const struct meaning *meanings, const char *text, int *status)
{
    for (; meanings->text; meanings++)
        if (strcmp(meanings->text, text) == 0) {
            *status = meanings->status;
            return true;
        }
    return false;
}

static int status_of(const struct dashboard *row)
{
    int status = DASHBOARD_ORDERED;

    if (means(OF_END, row->order.status, &status) ||
        means(OF_DELIVERY, row->delivery.status, &status) ||
        means(OF_TICKET, row->ticket.status, &status))
        return status;
    (void)means(OF_PAYMENT, row->order.status, &status);
    return status;
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

void dashboard_derive(struct dashboard *row)
{
    row->status = status_of(row);
    row->version =
        row->order.version + row->payment.version + row->ticket.version + row->delivery.version;
    row->as_of_us = later(later(row->order.as_of_us, row->payment.as_of_us),
                          later(row->ticket.as_of_us, row->delivery.as_of_us));
}

static void join_id(struct uuid *id, struct uuid news)
{
    if (uuid_is_nil(*id))
        *id = news;
}

void dashboard_join(struct dashboard *row, const struct dashboard *news)
{
    join_id(&row->order_id, news->order_id);
    join_id(&row->user_id, news->user_id);
    join_id(&row->store_id, news->store_id);
    if (news->order.version > row->order.version)
        row->order = news->order;
    if (news->payment.version > row->payment.version)
        row->payment = news->payment;
    if (news->ticket.version > row->ticket.version)
        row->ticket = news->ticket;
    if (news->delivery.version > row->delivery.version)
        row->delivery = news->delivery;
    dashboard_derive(row);
}

/* Syllables are U+AC00 to U+D7A3: EA B0 80 to ED 9E A3. */
static bool is_korean(const char *text)
{
    for (const unsigned char *c = (const unsigned char *)text; *c; c++)
        if ((*c == 0xEA && c[1] >= 0xB0) || *c == 0xEB || *c == 0xEC ||
            (*c == 0xED && c[1] <= 0x9E))
            return true;
    return false;
}

void dashboard_item_name(const struct dashboard_order *order,
                         char name[PRODUCT_NAME_SIZE + DASHBOARD_SUFFIX_MAX])
{
    const size_t size = PRODUCT_NAME_SIZE + DASHBOARD_SUFFIX_MAX;
    const long long more = (long long)order->lines - 1;

    if (more < 1 || order->item_name[0] == '\0')
        text_copy(name, size, order->item_name);
    else if (is_korean(order->item_name))
        snprintf(name, size, "%s 외 %lld건", order->item_name, more);
    else
        snprintf(name, size, "%s +%lld", order->item_name, more);
}
