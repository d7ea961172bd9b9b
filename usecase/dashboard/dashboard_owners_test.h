/* dashboard_owners_test.h - what the owners of orders, payments, tickets and deliveries say of an
 * order at a version, for the tests of the dashboard: always the same. */
#ifndef USECASE_DASHBOARD_DASHBOARD_OWNERS_TEST_H
#define USECASE_DASHBOARD_DASHBOARD_OWNERS_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/delivery.h"
#include "protocol/order.h"
#include "protocol/payment.h"
#include "protocol/store.h"
#include "tool/core/mem.h"

static const char ANN[] = "01000000-0000-7000-8000-000000000000"; /* orders */
static const char BEN[] = "02000000-0000-7000-8000-000000000000"; /* owns the shop */
static const char EVE[] = "03000000-0000-7000-8000-000000000000";
static const struct uuid SHOP = {{0x51}};

/* 2026-11-29T03:00:00Z: noon in Seoul. */
#define NOON_US INT64_C(1795921200000000)
#define SECOND_US INT64_C(1000000)

static inline struct uuid order_id_of(size_t i)
{
    return (struct uuid){
        {0x0a, (uint8_t)(i >> 8), (uint8_t)i, 0, 0, 0, 0x70, 0, 0x80}
    };
}

static inline void order_of(size_t i, int64_t version, struct order_event *e)
{
    static const char *const STATUSES[] = {"PENDING", "CONFIRMED", "CANCEL_PENDING", "CONFIRMED",
                                           "CANCELED"};

    *e = (struct order_event){
        .order_id = order_id_of(i),
        .store_id = SHOP,
        .lines = {{{{7}}, 2, {1500, "KRW"}, ""}, {{{8}}, 1, {1000, "KRW"}, ""}},
        .n_lines = 1 + i % 2,
        .total = {4000 + (int64_t)i,             "KRW"                        },
        .version = version,
        .created_us = NOON_US + (int64_t)i * SECOND_US,
        .updated_us = NOON_US + (int64_t)i * SECOND_US + version,
        .ended_us = version == 5 ? NOON_US + 3600 * SECOND_US : 0,
    };
    assert_true(uuid_parse(ANN, &e->user_id));
    snprintf(e->order_num, sizeof(e->order_num), "2026112912000000000%05u", (unsigned)(i % 100000));
    TEXT_COPY(e->status, STATUSES[version - 1]);
    TEXT_COPY(e->payment_status, "REQUESTED");
    TEXT_COPY(e->item_name, version > 1 ? "비빔밥" : "");
    TEXT_COPY(e->reason, version == 5 ? "changed_my_mind" : "");
}

static inline void payment_of(size_t i, int64_t version, struct payment_event *e)
{
    static const int STATUSES[] = {PAYMENT_IS_REQUESTED, PAYMENT_IS_AUTHORIZED, PAYMENT_IS_CAPTURED,
                                   PAYMENT_IS_PARTLY_REFUNDED, PAYMENT_IS_REFUNDED};

    *e = (struct payment_event){
        .order_id = order_id_of(i),
        .payment_id = {{0x0c, (uint8_t)(255 - i)}},
        .store_id = SHOP,
        .status = STATUSES[version - 1],
        .amount = { 4000,                     "KRW"},
        .captured = { version >= 3 ? 4000 : 0,                     "KRW"},
        .refunded = { version >= 4 ? 1000 * (version - 3) : 0,                     "KRW"},
        .version = version,
        .authorized_us = version >= 2 ? NOON_US + 2 * SECOND_US : 0,
        .updated_us = NOON_US + version * SECOND_US,
    };
    assert_true(uuid_parse(ANN, &e->user_id));
}

static inline void ticket_of(size_t i, int64_t version, struct ticket_event *e)
{
    static const char *const STATUSES[] = {"RECEIVED", "ACCEPTED", "COOKING", "READY", "PICKED_UP"};
    const int64_t ordered_us = NOON_US + (int64_t)i * SECOND_US;

    *e = (struct ticket_event){
        .order_id = order_id_of(i),
        .store_id = SHOP,
        .version = version,
        .accepted_us = version >= 2 ? ordered_us + 120 * SECOND_US : 0,
        .cooked_us = version >= 4 ? ordered_us + 720 * SECOND_US : 0,
        .at_us = ordered_us + version * 60 * SECOND_US,
    };
    assert_true(uuid_parse(ANN, &e->user_id));
    assert_true(uuid_parse(BEN, &e->owner_id));
    TEXT_COPY(e->status, STATUSES[version - 1]);
}

static inline void delivery_of(size_t i, int64_t version, struct delivery_event *e)
{
    static const char *const STATUSES[] = {"WAITING", "STARTED", "STARTED", "PICKED_UP",
                                           "DELIVERED"};
    const int64_t ordered_us = NOON_US + (int64_t)i * SECOND_US;

    *e = (struct delivery_event){
        .order_id = order_id_of(i),
        .store_id = SHOP,
        .version = version,
        .picked_up_us = version >= 4 ? ordered_us + 900 * SECOND_US : 0,
        .delivered_us = version >= 5 ? ordered_us + 1800 * SECOND_US : 0,
        .at_us = ordered_us + version * 300 * SECOND_US,
    };
    assert_true(uuid_parse(ANN, &e->user_id));
    TEXT_COPY(e->status, STATUSES[version - 1]);
}

union said {
    struct order_event order;
    struct payment_event payment;
    struct ticket_event ticket;
    struct delivery_event delivery;
};

static inline void say_of(int owner, size_t i, int64_t version, union said *said)
{
    memset(said, 0, sizeof(*said));
    if (owner == 0)
        order_of(i, version, &said->order);
    else if (owner == 1)
        payment_of(i, version, &said->payment);
    else if (owner == 2)
        ticket_of(i, version, &said->ticket);
    else
        delivery_of(i, version, &said->delivery);
}

#endif
