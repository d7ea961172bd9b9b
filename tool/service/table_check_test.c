/* table_check_test.c - a table with a slip is refused by name. */
#include "tool/service/table_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "tool/core/mem.h"
#include "tool/core/uuid.h"

static enum status run(void *self, const struct call *call, const void *in, void *out)
{
    (void)self;
    (void)call;
    (void)in;
    (void)out;
    return ST_OK;
}

static const struct operation SHOP_BUY = {.subject = "shop.buy"};
struct wish {
    int64_t amount;
    struct uuid user_id, gift_id;
};

static const struct field WISH_FIELDS[] = {
    FIELD(struct wish, amount, "amount", FIELD_INT, FIELD_REQUIRED, .rule = NULL),
    FIELD(struct wish, user_id, "userId", FIELD_UUID, FIELD_REQUIRED, .rule = NULL),
    FIELD(struct wish, gift_id, "giftId", FIELD_UUID, 0, .rule = NULL),
};
static const struct descriptor WISH = DESCRIPTOR(struct wish, "Wish", WISH_FIELDS, "");
#define WISHES(...)                                                                                \
    {                                                                                              \
        .subject = "shop.wish", .request = &WISH, .access = { __VA_ARGS__ }                        \
    }
static const struct operation OWN = WISHES(ACCESS_OWNER, .offset = offsetof(struct wish, user_id));
static const struct operation NO_ID = WISHES(ACCESS_OWNER, .offset = offsetof(struct wish, amount));
static const struct operation NO_MUST =
    WISHES(ACCESS_OWNER_OR_ROLE, "admin", offsetof(struct wish, gift_id));
static const struct operation NO_ROLE =
    WISHES(ACCESS_OWNER_OR_ROLE, .offset = offsetof(struct wish, user_id));
static const struct operation NO_OFFSET = {
    .subject = "shop.wish", .access = {ACCESS_OWNER, NULL, 0}
};
static const struct operation SHOPPING = {.subject = "shopping.buy"};

static void a_slip_is_named(void **state)
{
    /* clang-format off */
    static const struct {
        struct endpoint row;
        const char *want; /* NULL = nothing is wrong */
    } cases[] = {
        {{.op = &SHOP_BUY, .run = run, .pool = "work", .timeout_ms = 1}, NULL},
        {{.op = &SHOPPING, .run = run, .pool = "work", .timeout_ms = 1},
         "endpoint shopping.buy does not begin with the service's name"},
        {{.op = &SHOP_BUY, .pool = "work", .timeout_ms = 1}, "endpoint shop.buy has no .run"},
        {{.op = &SHOP_BUY, .self = 8, .run = run, .pool = "work", .timeout_ms = 1},
         "endpoint shop.buy has a .self outside the service's struct"},
        {{.op = &SHOP_BUY, .run = run, .pool = "wrok", .timeout_ms = 1},
         "endpoint shop.buy has a .pool the service does not have"},
        {{.op = &SHOP_BUY, .run = run, .timeout_ms = 1},
         "endpoint shop.buy has a .pool the service does not have"},
        {{.op = &SHOP_BUY, .run = run, .pool = "work"}, "endpoint shop.buy has no .timeout_ms"},
        {{.run = run, .pool = "work", .timeout_ms = 1}, "endpoint 0 has no .op"},
        {{.op = &OWN, .run = run, .pool = "work", .timeout_ms = 1}, NULL},
        {{.op = &NO_ID, .run = run, .pool = "work", .timeout_ms = 1},
         "endpoint shop.wish has no required UUID at the .offset of its .access"},
        {{.op = &NO_MUST, .run = run, .pool = "work", .timeout_ms = 1},
         "endpoint shop.wish has no required UUID at the .offset of its .access"},
        {{.op = &NO_OFFSET, .run = run, .pool = "work", .timeout_ms = 1},
         "endpoint shop.wish has no required UUID at the .offset of its .access"},
        {{.op = &NO_ROLE, .run = run, .pool = "work", .timeout_ms = 1},
         "endpoint shop.wish names no .roles in its .access"},
    };
    /* clang-format on */
    static const struct service_pool pools[] = {
        {"work", 1, 1},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct service shop = {.name = "shop",
                               .size = 8,
                               .pools = pools,
                               .n_pools = 1,
                               .endpoints = &cases[i].row,
                               .n_endpoints = 1};
        char buf[128];
        const char *got = table_fault(&shop, buf, sizeof(buf));

        if (cases[i].want)
            assert_string_equal(got ? got : "nothing", cases[i].want);
        else
            assert_null(got);
    }
}

static void sagas_need_a_database(void **state)
{
    struct service shop = {.name = "shop", .sagas = true};
    char buf[128];

    (void)state;
    assert_string_equal(table_fault(&shop, buf, sizeof(buf)), ".sagas needs .database");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slip_is_named),
        cmocka_unit_test(sagas_need_a_database),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
