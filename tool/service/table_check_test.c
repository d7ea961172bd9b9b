/* table_check_test.c - a table with a slip is refused by name. */
#include "tool/service/table_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/mem.h"
#include "tool/event/export.h"
#include "tool/core/uuid.h"

static enum status run(void *self, const struct call *call, const void *in, void *out)
{
    (void)self;
    (void)call;
    (void)in;
    (void)out;
    return ST_OK;
}

static enum status change(void *self, struct transaction *tx, const struct call *call,
                          const void *in, void *out)
{
    (void)tx;
    return run(self, call, in, out);
}

static enum status ended(void *self, const struct call *call, const struct saga_view *end,
                         void *out)
{
    return run(self, call, end, out);
}

static enum status after(void *self, const struct call *call, const void *in, void *out, bool again)
{
    (void)again;
    return run(self, call, in, out);
}

static void together(void *self, struct question *asked, size_t n)
{
    (void)self;
    (void)asked;
    (void)n;
}

struct wish {
    int64_t amount;
    struct uuid user_id, gift_id, saga_id;
    char pin[8];
};

/* clang-format off */
static const struct field WISH_FIELDS[] = {
    FIELD(struct wish, amount, "amount", FIELD_INT, FIELD_REQUIRED, .rule = NULL),
    FIELD(struct wish, user_id, "userId", FIELD_UUID, FIELD_REQUIRED, .rule = NULL),
    FIELD(struct wish, gift_id, "giftId", FIELD_UUID, 0, .rule = NULL),
    FIELD(struct wish, saga_id, "sagaId", FIELD_UUID, FIELD_REQUIRED, .rule = NULL),
};
static const struct field SECRET_FIELDS[] = {
    FIELD(struct wish, pin, "pin", FIELD_TEXT, FIELD_REQUIRED | FIELD_SECRET, .rule = NULL),
};
static const struct operation_error BY_KEY[] = {OPERATION_ONCE_BY_KEY, {ST_OK, NULL, NULL}};
static const struct operation_error BY_NEEDED_KEY[] = {
    OPERATION_ONCE_BY_KEY, OPERATION_KEY_REQUIRED, {ST_OK, NULL, NULL}};
static const struct operation_error CANCELLED[] = {
    {ST_CONFLICT, "cancelled", "It was undone."}, {ST_OK, NULL, NULL}};
/* clang-format on */
static const struct descriptor WISH = DESCRIPTOR(struct wish, "Wish", WISH_FIELDS, "");
static const struct descriptor SECRET = DESCRIPTOR(struct wish, "Secret", SECRET_FIELDS, "");

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
static const struct operation BUY = {.subject = "shop.buy"};
static const struct operation ASK = {.subject = "shop.ask", .reply = &WISH};
static const struct operation AWAIT = {.subject = "shop.await", .reply = &WISH, .waits = true};
static const struct operation GRANT = {
    .subject = "shop.grant", .request = &WISH, .errors = CANCELLED};
static const struct operation GRANT_BY_KEY = {
    .subject = "shop.grant", .request = &WISH, .errors = BY_KEY};
static const struct operation GRANT_BY_NEEDED_KEY = {
    .subject = "shop.grant", .request = &WISH, .errors = BY_NEEDED_KEY};
static const struct operation TELL = {.subject = "shop.tell", .reply = &SECRET, .errors = BY_KEY};
static const struct operation UNGRANT = {.subject = "shop.ungrant", .request = &WISH};
static const struct operation UNGRANT_TELL = {
    .subject = "shop.ungrant", .request = &WISH, .reply = &WISH};
static const struct operation LONG = {
    .subject = "shop.a_subject_that_goes_on_and_on_until_it_is_longer_than_the_barrier_lets",
    .request = &WISH,
};

#define POOL .pool = "work", .timeout_ms = 1
#define ASKED(op) ENDPOINT(op, run, struct nothing, struct nothing), POOL
#define WISHED(op) ENDPOINT(op, run, struct wish, struct nothing), POOL
#define CHANGE(op) ENDPOINT_CHANGE(op, change, struct wish, struct nothing), POOL

static const struct service_pool POOLS[] = {
    {"work", 1, 1},
};

static void expect(const struct endpoint *rows, size_t n, bool database, const char *want)
{
    struct service shop = {.name = "shop",
                           .size = 8,
                           .pools = POOLS,
                           .n_pools = 1,
                           .endpoints = rows,
                           .n_endpoints = n,
                           .database = database,
                           .unnamed_self = true};
    char buf[160];
    const char *got = table_fault(&shop, buf, sizeof(buf));

    if (want && !strstr(got ? got : "nothing is wrong", want))
        fail_msg("not \"%s\": %s", want, got ? got : "nothing is wrong");
    if (!want && got)
        fail_msg("%s", got);
}

static void a_slip_is_named(void **state)
{
    /* clang-format off */
    static const struct {
        struct endpoint row;
        const char *want; /* NULL = nothing is wrong */
    } cases[] = {
        {{ASKED(BUY)}, NULL},
        {{ASKED(SHOPPING)}, "endpoint shopping.buy does not begin with the service's name"},
        {{ENDPOINT(BUY, NULL, struct nothing, struct nothing), POOL},
         "endpoint shop.buy has no .run, .change or .together"},
        {{ENDPOINT_TOGETHER(BUY, together, struct nothing, struct nothing), POOL}, NULL},
        {{ASKED(BUY), .lane = true}, "has .lane, which is for callers that are verified, by a pool, each alone"},
        {{ASKED(BUY), .together = together}, "has .together and another use case beside it"},
        {{ENDPOINT_TOGETHER(BUY, together, struct nothing, struct nothing), POOL, .check = run},
         "which knows no .check and no .wait"},
        {{ASKED(BUY), .self = 8}, "endpoint shop.buy has a .self outside the service's struct"},
        {{ENDPOINT(BUY, run, struct nothing, struct nothing), .pool = "wrok", .timeout_ms = 1},
         "endpoint shop.buy has a .pool the service does not have"},
        {{ENDPOINT(BUY, run, struct nothing, struct nothing), .timeout_ms = 1},
         "endpoint shop.buy has a .pool the service does not have"},
        {{ENDPOINT(BUY, run, struct nothing, struct nothing), .pool = "work"},
         "endpoint shop.buy has no .timeout_ms"},
        {{.run = run, POOL}, "endpoint 0 has no .op"},
        {{.op = &BUY, .run = run, POOL}, "see ENDPOINT()"},
        {{WISHED(BUY)}, "has a use case of other structs"},
        {{ASKED(OWN)}, "has a use case of other structs"},
        {{ASKED(ASK)}, "has a use case of other structs"},
        {{WISHED(OWN)}, NULL},
        {{WISHED(NO_ID)}, "has no required UUID at the .offset of its .access"},
        {{WISHED(NO_MUST)}, "has no required UUID at the .offset of its .access"},
        {{ASKED(NO_OFFSET)}, "has no required UUID at the .offset of its .access"},
        {{WISHED(NO_ROLE)}, "names no .roles in its .access"},
        {{ENDPOINT(ASK, run, struct nothing, struct wish), POOL}, NULL},
        {{ENDPOINT(ASK, run, struct nothing, struct wish), POOL, .etag = sizeof(struct wish)},
         "has an .etag outside its reply"},
        {{ASKED(BUY), .etag = 8}, "has an .etag outside its reply"},
        {{ASKED(BUY), .lag = 8}, "has a .lag outside its reply"},
        {{ENDPOINT(AWAIT, run, struct nothing, struct wish), POOL, .wait = ended,
          .wait_key = offsetof(struct wish, saga_id)}, "waits for a saga, and the service has no .sagas"},
        {{ENDPOINT(ASK, run, struct nothing, struct wish), POOL, .wait = ended,
          .wait_key = offsetof(struct wish, saga_id)}, "waits, but its operation is not one that .waits"},
        {{ENDPOINT(AWAIT, run, struct nothing, struct wish), POOL},
         "endpoint shop.await has no .wait, but its operation .waits"},
        {{ENDPOINT(ASK, run, struct nothing, struct wish), POOL, .wait_pool = "nowhere"}, "has a .pool"},
        {{ENDPOINT(AWAIT, run, struct nothing, struct wish), POOL, .wait = ended},
         "its reply has no required UUID at .wait_key"},
    };
    /* clang-format on */

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        expect(&cases[i].row, 1, false, cases[i].want);
}

static void a_slip_in_a_write_is_named(void **state)
{
    /* clang-format off */
    static const struct {
        struct endpoint row;
        const char *want; /* NULL = nothing is wrong */
    } cases[] = {
        {{CHANGE(GRANT)}, NULL},
        {{CHANGE(GRANT), .once = ONCE_BY_SAGA}, NULL},
        {{WISHED(GRANT), .once = ONCE_BY_SAGA}, "has no .change"},
        {{WISHED(GRANT), .undoes = &GRANT}, "has no .change"},
        {{ENDPOINT(GRANT, run, struct wish, struct nothing), .change = change, POOL}, "has both .run and .change"},
        {{CHANGE(GRANT_BY_KEY), .once = ONCE_BY_KEY, .run = run}, "has both .run and .change"},
        {{CHANGE(GRANT), .once = ONCE_BY_SAGA, .run = run}, NULL},
        {{ENDPOINT_CHANGE(BUY, change, struct nothing, struct nothing), POOL, .once = ONCE_BY_SAGA},
         "has no required sagaId"},
        {{CHANGE(GRANT), .once = ONCE_BY_SAGA, .after = after}, NULL},
        {{WISHED(GRANT), .after = after}, "has .after, which is of a .change"},
        {{CHANGE(GRANT), .once = ONCE_BY_KEY}, "OPERATION_ONCE_BY_KEY is not among its errors"},
        {{CHANGE(GRANT_BY_KEY), .once = ONCE_BY_KEY}, NULL},
        {{CHANGE(GRANT_BY_KEY), .once = ONCE_BY_REQUIRED_KEY},
         "OPERATION_KEY_REQUIRED is not among its errors"},
        {{CHANGE(GRANT_BY_NEEDED_KEY), .once = ONCE_BY_REQUIRED_KEY}, NULL},
        {{ENDPOINT_CHANGE(TELL, change, struct nothing, struct wish), POOL, .once = ONCE_BY_KEY},
         "has a secret in its reply"},
        {{CHANGE(LONG), .once = ONCE_BY_SAGA}, "has a subject too long"},
        {{CHANGE(UNGRANT), .undoes = &GRANT}, "undoes what the service does not do ONCE_BY_SAGA"},
    };
    static const struct endpoint pairs[][2] = {
        {{CHANGE(GRANT), .once = ONCE_BY_SAGA}, {CHANGE(UNGRANT), .undoes = &GRANT}},
        {{CHANGE(GRANT)}, {CHANGE(UNGRANT), .undoes = &GRANT}},
        {{CHANGE(GRANT_BY_KEY), .once = ONCE_BY_SAGA}, {CHANGE(UNGRANT), .undoes = &GRANT_BY_KEY}},
        {{CHANGE(GRANT), .once = ONCE_BY_SAGA},
         {ENDPOINT_CHANGE(UNGRANT_TELL, change, struct wish, struct wish), POOL, .undoes = &GRANT}},
        {{CHANGE(GRANT), .once = ONCE_BY_SAGA},
         {CHANGE(UNGRANT), .undoes = &GRANT, .once = ONCE_BY_SAGA}},
        {{CHANGE(GRANT)}, {CHANGE(GRANT)}},
    };
    /* clang-format on */
    static const char *const WANTED[] = {
        NULL,
        "undoes what the service does not do ONCE_BY_SAGA",
        "undoes an operation that has no 409 cancelled among its errors",
        "has no .run to fill the reply",
        "which is once by itself",
        "endpoint shop.grant is there twice",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        expect(&cases[i].row, 1, true, cases[i].want);
    for (size_t i = 0; i < ARRAY_LEN(pairs); i++)
        expect(pairs[i], 2, true, WANTED[i]);
    expect(&cases[0].row, 1, false, "has a .change, and the service no .database");
}

static void sagas_need_a_database(void **state)
{
    struct service shop = {.name = "shop", .sagas = true};
    char buf[128];

    (void)state;
    assert_string_equal(table_fault(&shop, buf, sizeof(buf)), ".sagas needs .database");
}

static enum status tidy(void *self, const struct job_run *run)
{
    (void)self;
    (void)run;
    return ST_OK;
}

static void so_is_one_in_a_job(void **state)
{
    static const struct job JOBS[] = {
        {"tidy", 0, tidy, 1000, 1000, JOB_ONE_INSTANCE, 0}
    };
    struct service shop = {.name = "shop",
                           .size = 8,
                           .jobs = JOBS,
                           .n_jobs = 1,
                           .database = true,
                           .unnamed_self = true};
    char buf[128];

    (void)state;
    assert_null(table_fault(&shop, buf, sizeof(buf)));
    shop.database = false;
    assert_string_equal(table_fault(&shop, buf, sizeof(buf)),
                        "job tidy is for one instance, which needs .database");
}

struct happened {
    struct uuid id;
};

static const struct descriptor HAPPENED_DATA = {.name = "Happened",
                                                .size = sizeof(struct happened)};
static const struct event_type HAPPENED = {"other.thing_happened", "", &HAPPENED_DATA, 0};
static const struct operation EXPORT = {
    .subject = "other.export", .request = &EXPORT_QUERY, .reply = &EXPORT_PAGE};

static enum status hear(void *self, struct transaction *tx, const struct call *call,
                        const struct event *event, const void *data)
{
    (void)self;
    (void)tx;
    (void)call;
    (void)event;
    (void)data;
    return ST_OK;
}

static void so_is_one_in_what_is_heard(void **state)
{
    static const struct operation *const CALLS[] = {&EXPORT};
    struct hearing row = {.type = &HAPPENED, .fn = hear, .kind = HEAR_LATEST, .from = &EXPORT};
    struct service shop = {.name = "shop",
                           .size = 8,
                           .hears = &row,
                           .n_hears = 1,
                           .calls = CALLS,
                           .n_calls = 1,
                           .database = true,
                           .unnamed_self = true};
    char buf[160];

    (void)state;
    assert_null(table_fault(&shop, buf, sizeof(buf)));
    shop.n_calls = 0;
    assert_string_equal(table_fault(&shop, buf, sizeof(buf)),
                        "hearing other.thing_happened has a .from that is not among the .calls,"
                        " or answers no pages");
    row.fn = NULL;
    assert_string_equal(table_fault(&shop, buf, sizeof(buf)),
                        "hearing other.thing_happened has no .fn");
    shop.database = false;
    assert_string_equal(table_fault(&shop, buf, sizeof(buf)), ".hears needs .database");
}

static void so_is_one_in_what_is_said(void **state)
{
    static const struct event_type *const SAYS[] = {&HAPPENED, NULL};
    struct service other = {.name = "other", .size = 8, .says = SAYS, .database = true};
    char buf[160];

    (void)state;
    assert_null(table_fault(&other, buf, sizeof(buf)));
    other.name = "oth";
    assert_string_equal(table_fault(&other, buf, sizeof(buf)),
                        "event other.thing_happened does not begin with the service's name");
}

static void so_is_one_in_a_breaker(void **state)
{
    static const struct operation *const CALLS[] = {&EXPORT};
    struct breaker_policy row = {"other.export", 5000, 3, 91, 1000, 3};
    struct service shop = {.name = "shop", .size = 8, .breakers = &row, .n_breakers = 1};
    char buf[128];

    (void)state;
    assert_string_equal(table_fault(&shop, buf, sizeof(buf)),
                        "breaker other.export is not of an operation among the .calls");
    shop.calls = CALLS;
    shop.n_calls = ARRAY_LEN(CALLS);
    assert_null(table_fault(&shop, buf, sizeof(buf)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(so_is_one_in_what_is_heard), cmocka_unit_test(a_slip_is_named),
        cmocka_unit_test(a_slip_in_a_write_is_named), cmocka_unit_test(sagas_need_a_database),
        cmocka_unit_test(so_is_one_in_a_job),         cmocka_unit_test(so_is_one_in_a_breaker),
        cmocka_unit_test(so_is_one_in_what_is_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
