/* issuer_test.c - what becomes of operations, one after the other, and what it comes to. */
#include "cmd/pgsim/issuer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cmd/pgsim/book_line.h"
#include "cmd/pgsim/book_report.h"
#include "tool/core/mem.h"

enum { JSON_MAX = 65536 };

struct step {
    const char *key;
    enum charge_kind kind;
    int64_t amount;
    const char *currency, *method, *of;
    const char *want; /* why it is declined; NULL = it is done */
};

static int begin(void **state)
{
    *state = book_create();
    return 0;
}

static int end(void **state)
{
    book_destroy(*state);
    return 0;
}

static void play_with(struct book *book, const struct control *control, const struct step *steps,
                      size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct charge op = {.kind = (int)steps[i].kind, .amount = steps[i].amount, .at_us = 1};

        TEXT_COPY(op.key, steps[i].key);
        TEXT_COPY(op.currency, steps[i].currency);
        TEXT_COPY(op.method, steps[i].method);
        TEXT_COPY(op.of, steps[i].of);
        issuer_decide(book, control, &op);
        if (strcmp(op.reason, steps[i].want ? steps[i].want : "") != 0 ||
            op.state != (steps[i].want ? CHARGE_DECLINED : CHARGE_DONE))
            fail_msg("%s: '%s'", op.key, op.reason);
        assert_int_not_equal(book_add(book, &op), BOOK_NONE);
    }
}

#define PLAY(book, steps)                                                                          \
    play_with((book), &(struct control){.mode = CONTROL_UP}, (steps), ARRAY_LEN(steps))

static void sums_are(const struct book *book, const char *want)
{
    char json[JSON_MAX];
    struct json_out o;

    json_out_init(&o, json, sizeof(json));
    book_report_summary(book, &o);
    assert_string_equal(json, want);
}

static void money_moves_once(void **state)
{
    static const struct step STEPS[] = {
        {"a1", CHARGE_AUTHORIZE, 12900, "KRW", "tok_ok", "",   NULL                   },
        {"c0", CHARGE_CAPTURE,   12901, "KRW", "",       "a1", "exceeds_authorized"   },
        {"c1", CHARGE_CAPTURE,   12900, "USD", "",       "a1", "currency_mismatch"    },
        {"c2", CHARGE_CAPTURE,   12900, "KRW", "",       "a1", NULL                   },
        {"c3", CHARGE_CAPTURE,   1,     "KRW", "",       "a1", "already_captured"     },
        {"v1", CHARGE_VOID,      0,     "KRW", "",       "a1", "already_captured"     },
        {"r1", CHARGE_REFUND,    900,   "KRW", "",       "a1", NULL                   },
        {"r2", CHARGE_REFUND,    12001, "KRW", "",       "c2", "exceeds_captured"     },
        {"r3", CHARGE_REFUND,    12000, "KRW", "",       "c2", NULL                   },
        {"r4", CHARGE_REFUND,    1,     "KRW", "",       "a1", "exceeds_captured"     },
        {"r5", CHARGE_REFUND,    1,     "KRW", "",       "r1", "unknown_authorization"},
        {"c4", CHARGE_CAPTURE,   1,     "KRW", "",       "no", "unknown_authorization"},
        {"a2", CHARGE_AUTHORIZE, 500,   "KWD", "tok_ok", "",   NULL                   },
        {"r6", CHARGE_REFUND,    1,     "KWD", "",       "a2", "exceeds_captured"     },
    };

    PLAY(*state, STEPS);
    sums_are(*state, "{\"operations\":14,\"captured\":{\"KRW\":12900},"
                     "\"refunded\":{\"KRW\":12900},\"authorizedOpen\":{\"KWD\":500}}");
}

static void what_is_owed_is_paid_out_once(void **state)
{
    static const struct step STEPS[] = {
        {"s0", CHARGE_SETTLE,    1,  "KRW", "",       "",   "exceeds_owed"},
        {"a1", CHARGE_AUTHORIZE, 10, "KRW", "tok_ok", "",   NULL          },
        {"s1", CHARGE_SETTLE,    1,  "KRW", "",       "",   "exceeds_owed"},
        {"c1", CHARGE_CAPTURE,   10, "KRW", "",       "a1", NULL          },
        {"r1", CHARGE_REFUND,    3,  "KRW", "",       "a1", NULL          },
        {"s2", CHARGE_SETTLE,    1,  "USD", "",       "",   "exceeds_owed"},
        {"s3", CHARGE_SETTLE,    5,  "KRW", "",       "",   NULL          },
        {"s4", CHARGE_SETTLE,    3,  "KRW", "",       "",   "exceeds_owed"},
        {"s5", CHARGE_SETTLE,    2,  "KRW", "",       "",   NULL          },
    };

    PLAY(*state, STEPS);
    sums_are(*state, "{\"operations\":9,\"captured\":{\"KRW\":10},"
                     "\"refunded\":{\"KRW\":3},\"authorizedOpen\":{}}");
}

static void a_void_holds_whenever_it_comes(void **state)
{
    static const struct step STEPS[] = {
        {"a1", CHARGE_AUTHORIZE, 10, "KRW", "tok_ok",       "",   NULL                   },
        {"v1", CHARGE_VOID,      0,  "KRW", "",             "a1", NULL                   },
        {"v2", CHARGE_VOID,      10, "KRW", "",             "a1", NULL                   },
        {"c1", CHARGE_CAPTURE,   10, "KRW", "",             "a1", "voided"               },
        {"v3", CHARGE_VOID,      0,  "KRW", "",             "a2", NULL                   },
        {"a2", CHARGE_AUTHORIZE, 10, "KRW", "tok_ok",       "",   "voided"               },
        {"c2", CHARGE_CAPTURE,   10, "KRW", "",             "a2", "unknown_authorization"},
        {"a3", CHARGE_AUTHORIZE, 10, "KRW", "tok_declined", "",   "declined"             },
        {"v4", CHARGE_VOID,      0,  "KRW", "",             "a3", NULL                   },
    };

    PLAY(*state, STEPS);
    sums_are(*state, "{\"operations\":9,\"captured\":{},\"refunded\":{},\"authorizedOpen\":{}}");
}

static void cards_are_as_they_are_called(void **state)
{
    static const struct step STEPS[] = {
        {"k1", CHARGE_AUTHORIZE, 1,                "KRW", "tok_declined",           "",   "declined"          },
        {"k2", CHARGE_AUTHORIZE, 1,                "KRW", "tok_insufficient_funds", "",   "insufficient_funds"},
        {"k3", CHARGE_AUTHORIZE, 1,                "KRW", "tok_visa",               "",   "unknown_token"     },
        {"k4", CHARGE_AUTHORIZE, ISSUER_LIMIT,     "KRW", "tok_ok",                 "",   NULL                },
        {"k5", CHARGE_AUTHORIZE, ISSUER_LIMIT + 1, "KRW", "tok_ok",                 "",   "limit_exceeded"    },
        {"k6", CHARGE_AUTHORIZE, 1,                "KRW", "tok_capture_fails",      "",   NULL                },
        {"k7", CHARGE_CAPTURE,   1,                "KRW", "",                       "k6", "capture_failed"    },
        {"k8", CHARGE_VOID,      0,                "KRW", "",                       "k6", NULL                },
        {"k9", CHARGE_AUTHORIZE, 1,                "KRW", "tok_late_15s",           "",   NULL                },
    };

    PLAY(*state, STEPS);
}

static void a_part_is_rejected_by_its_keys(void **state)
{
    enum { N = 1000, PERCENT = 20 };
    const struct control some = {.reject_percent = PERCENT}, all = {.reject_percent = 100};
    int rejected = 0;

    for (int i = 0; i < N; i++) {
        struct charge op = {.kind = CHARGE_AUTHORIZE, .amount = 1, .currency = "KRW"}, again;

        TEXT_COPY(op.method, "tok_ok");
        snprintf(op.key, sizeof(op.key), "key-%d", i);
        again = op;
        issuer_decide(*state, &some, &op);
        issuer_decide(*state, &some, &again);
        assert_int_equal(op.state, again.state);
        rejected += op.state == CHARGE_DECLINED;
        issuer_decide(*state, &all, &again);
        assert_string_equal(again.reason, "rejected");
    }
    assert_in_range(rejected, N * PERCENT / 200, N * PERCENT / 50);
}

/* More than the tables that grow have room for at first. */
static void a_long_book_is_found_and_read_back(void **state)
{
    enum { N = 5000 };
    struct book *book = *state, *again = book_create();
    char line[CHARGE_JSON_MAX + 1];

    for (int i = 0; i < N; i++) {
        struct charge op = {.kind = CHARGE_AUTHORIZE, .amount = i + 1, .currency = "KRW"};

        snprintf(op.key, sizeof(op.key), "key-%d", i);
        TEXT_COPY(op.method, "tok_ok");
        assert_int_equal(book_find(book, op.key), BOOK_NONE);
        assert_int_equal(book_add(book, &op), i);
        assert_true(book_line_take(again, line, book_line_write(&op, line)));
        assert_false(book_line_take(again, line, strlen(line))); /* it is there */
    }
    for (int i = 0; i < N; i++) {
        char key[32];

        snprintf(key, sizeof(key), "key-%d", i);
        assert_int_equal(book_find(again, key), i);
        assert_int_equal(book_at(again, (size_t)i)->op.amount, i + 1);
    }
    book_destroy(again);
}

static void what_nobody_decided_is_no_line(void **state)
{
    static const char *const LINES[] = {
        "",
        "{}",
        "\0\0\0",
        "{\"key\":\"a\",\"kind\":\"CAPTURE\",\"amount\":9007199254740991,\"currency\":\"KRW\","
        "\"of\":\"b\",\"state\":\"DONE\",\"at\":\"2026-11-29T08:00:00Z\"}",
        "{\"key\":\"a b\",\"kind\":\"VOID\",\"currency\":\"KRW\",\"state\":\"DONE\","
        "\"at\":\"2026-11-29T08:00:00Z\"}",
    };

    for (size_t i = 0; i < ARRAY_LEN(LINES); i++)
        assert_false(book_line_take(*state, LINES[i], strlen(LINES[i])));
    assert_int_equal(book_count(*state), 0);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(money_moves_once),
        TEST(what_is_owed_is_paid_out_once),
        TEST(a_void_holds_whenever_it_comes),
        TEST(cards_are_as_they_are_called),
        TEST(a_part_is_rejected_by_its_keys),
        TEST(a_long_book_is_found_and_read_back),
        TEST(what_nobody_decided_is_no_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
