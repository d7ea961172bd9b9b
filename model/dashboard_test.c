/* dashboard_test.c - what a row says follows from the latest of its parts, however they come. */
#include "model/dashboard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "model/dashboard_view.h"
#include "tool/core/mem.h"

static struct dashboard row_of(const char *order, const char *ticket, const char *delivery)
{
    struct dashboard row = {
        .order_id = {{1}},
        .order = {.version = order != NULL},
        .ticket = {.version = ticket != NULL},
        .delivery = {.version = delivery != NULL},
    };

    TEXT_COPY(row.order.status, order ? order : "");
    TEXT_COPY(row.ticket.status, ticket ? ticket : "");
    TEXT_COPY(row.delivery.status, delivery ? delivery : "");
    dashboard_derive(&row);
    return row;
}

static void a_status_is_that_of_who_has_come_farthest(void **state)
{
    static const struct {
        const char *order, *ticket, *delivery;
        enum dashboard_status want;
    } cases[] = {
        {"PENDING",          NULL,        NULL,        DASHBOARD_ORDERED         },
        {"AWAITING_PAYMENT", NULL,        NULL,        DASHBOARD_PAYMENT_DEFERRED},
        {"PAYING",           NULL,        NULL,        DASHBOARD_PAYMENT_DEFERRED},
        {"CONFIRMED",        NULL,        NULL,        DASHBOARD_ORDERED         },
        {"CONFIRMED",        "RECEIVED",  NULL,        DASHBOARD_ORDERED         },
        {"CONFIRMED",        "ACCEPTED",  "WAITING",   DASHBOARD_ACCEPTED        },
        {"CONFIRMED",        "COOKING",   "WAITING",   DASHBOARD_COOKING         },
        {"CONFIRMED",        "READY",     "WAITING",   DASHBOARD_COOKED          },
        {"CONFIRMED",        "COOKING",   "STARTED",   DASHBOARD_DELIVERY_STARTED},
        {"CONFIRMED",        "READY",     "PICKED_UP", DASHBOARD_PICKED_UP       },
        {"CONFIRMED",        "PICKED_UP", "DELIVERED", DASHBOARD_DELIVERED       },
        {"COMPLETED",        NULL,        NULL,        DASHBOARD_DELIVERED       },
        {"CANCEL_PENDING",   "ACCEPTED",  NULL,        DASHBOARD_ACCEPTED        },
        {"CONFIRMED",        "REJECTED",  NULL,        DASHBOARD_ORDER_CANCELED  },
        {"CONFIRMED",        "CANCELED",  "CANCELED",  DASHBOARD_ORDER_CANCELED  },
        {"CANCEL_PENDING",   "CANCELED",  NULL,        DASHBOARD_ORDER_CANCELED  },
        {"CANCELED",         "ACCEPTED",  "STARTED",   DASHBOARD_ORDER_CANCELED  },
        {"REJECTED",         NULL,        NULL,        DASHBOARD_ORDER_REJECTED  },
        {NULL,               "COOKING",   NULL,        DASHBOARD_COOKING         },
        {"SOMETHING_NEW",    "READY",     "NEW_TOO",   DASHBOARD_COOKED          },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct dashboard row = row_of(cases[i].order, cases[i].ticket, cases[i].delivery);
        if (row.status != (int)cases[i].want)
            fail_msg("%zu: %s", i, DASHBOARD_STATUS_NAMES[row.status]);
    }
}

static void an_item_is_called_after_the_first_line(void **state)
{
    static const struct {
        const char *first;
        int64_t lines;
        const char *want;
    } cases[] = {
        {"비빔밥", 1,  "비빔밥"         },
        {"비빔밥", 3,  "비빔밥 외 2건"},
        {"Bibimbap",  2,  "Bibimbap +1"       },
        {"Café",     20, "Café +19"         },
        {"",          3,  ""                  },
        {"寿司",    2,  "寿司 +1"         },
        {"힣",       2,  "힣 외 1건"      },
    };
    char name[DASHBOARD_ITEM_SIZE];

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct dashboard_order order = {.lines = cases[i].lines};
        TEXT_COPY(order.item_name, cases[i].first);
        dashboard_item_name(&order, name);
        assert_string_equal(name, cases[i].want);
    }
}

/* ---- any order, any number of times ---- */

enum { OWNERS = 4, VERSIONS = 6, ROUNDS = 2000 };

static uint32_t draw(uint32_t *seed, uint32_t below)
{
    *seed = *seed * 1664525U + 1013904223U;
    return (*seed >> 8) % below;
}

/* What an owner says at that version: something else each time. */
static struct dashboard news_of(int owner, int64_t version)
{
    static const char *const ORDERS[] = {"PENDING",        "AWAITING_PAYMENT", "CONFIRMED",
                                         "CANCEL_PENDING", "CANCELED",         "COMPLETED"};
    static const char *const TICKETS[] = {"RECEIVED", "ACCEPTED",  "COOKING",
                                          "READY",    "PICKED_UP", "CANCELED"};
    static const char *const DELIVERIES[] = {"WAITING", "STARTED",   "WAITING",
                                             "STARTED", "PICKED_UP", "DELIVERED"};
    const int64_t at_us = 1000 * version + owner;
    struct dashboard news = {.order_id = {{1}}, .user_id = {{2}}, .store_id = {{3}}};

    switch (owner) {
    case 0:
        news.order = (struct dashboard_order){
            .version = version, .lines = version, .ordered_us = 5, .as_of_us = at_us};
        TEXT_COPY(news.order.status, ORDERS[version - 1]);
        break;
    case 1:
        news.payment = (struct dashboard_payment){
            .version = version, .captured = 10 * version, .as_of_us = at_us};
        break;
    case 2:
        news.ticket = (struct dashboard_ticket){
            .version = version, .owner_id = {{4}}, .accepted_us = version, .as_of_us = at_us};
        TEXT_COPY(news.ticket.status, TICKETS[version - 1]);
        break;
    default:
        news.delivery = (struct dashboard_delivery){
            .version = version, .picked_up_us = version, .as_of_us = at_us};
        TEXT_COPY(news.delivery.status, DELIVERIES[version - 1]);
    }
    return news;
}

/* What a part says is known by its version. */
static void assert_same(const struct dashboard *row, const struct dashboard *want)
{
    assert_int_equal(row->order.version, want->order.version);
    assert_int_equal(row->payment.version, want->payment.version);
    assert_int_equal(row->ticket.version, want->ticket.version);
    assert_int_equal(row->delivery.version, want->delivery.version);
    assert_int_equal(row->payment.captured, want->payment.captured);
    assert_string_equal(row->ticket.status, want->ticket.status);
    assert_int_equal(row->status, want->status);
    assert_int_equal(row->version, want->version);
    assert_int_equal(row->as_of_us, want->as_of_us);
    assert_true(uuid_equal(row->user_id, want->user_id));
}

/* The latest of each owner is there, of what came before anything may be missing. */
static void whatever_the_order_the_latest_count(void **state)
{
    uint32_t seed = 20261129;

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        struct dashboard want = {0}, row = {0};
        int64_t latest[OWNERS];
        bool has_latest[OWNERS] = {false};
        size_t left = OWNERS;

        for (int owner = 0; owner < OWNERS; owner++) {
            struct dashboard news;
            latest[owner] = 1 + draw(&seed, VERSIONS);
            news = news_of(owner, latest[owner]);
            dashboard_join(&want, &news);
        }
        while (left > 0) {
            int owner = (int)draw(&seed, OWNERS);
            int64_t version = 1 + draw(&seed, (uint32_t)latest[owner]);
            struct dashboard news = news_of(owner, version);
            int64_t before = row.version;

            dashboard_join(&row, &news);
            assert_true(row.version >= before);
            left -= version == latest[owner] && !has_latest[owner];
            has_latest[owner] |= version == latest[owner];
        }
        assert_same(&row, &want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_status_is_that_of_who_has_come_farthest),
        cmocka_unit_test(an_item_is_called_after_the_first_line),
        cmocka_unit_test(whatever_the_order_the_latest_count),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
