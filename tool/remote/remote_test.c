/* remote_test.c - asking by rows: who answers, what comes back, and what is said when nobody was
 * asked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tool/core/mem.h"
#include "tool/remote/memory/remote_memory.h"

struct number {
    int64_t number;
};

static const struct field FIELDS[] = {
    FIELD(struct number, number, "number", FIELD_INT, FIELD_REQUIRED, .min = 0, .max = 100),
};
static const struct descriptor NUMBER =
    DESCRIPTOR(struct number, "Number", FIELDS, "How many there are.");
static const struct operation DOUBLE = {
    .subject = "shop.double", .request = &NUMBER, .reply = &NUMBER};
static const struct operation FAIL = {.subject = "shop.fail", .request = &NUMBER, .reply = &NUMBER};

REMOTE(ask_double, DOUBLE, struct number, struct number);
REMOTE(ask_fail, FAIL, struct number, struct number);
REMOTE_IF_ASKED(ask_fail_if_asked, FAIL, struct number, struct number);

struct shop {
    struct remote_memory others;
    int asked;
    enum status st; /* of what fails */
};

static enum status answer_double(void *self, const struct call *call, const void *in, void *out)
{
    (void)call;
    ((struct shop *)self)->asked++;
    ((struct number *)out)->number = 2 * ((const struct number *)in)->number;
    return ST_OK;
}

static enum status answer_fail(void *self, const struct call *call, const void *in, void *out)
{
    (void)in;
    ((struct number *)out)->number = 1;
    return call_fail(call, ((struct shop *)self)->st, "code", "no");
}

static const struct remote_answer ANSWERS[] = {
    {&DOUBLE, answer_double},
    {&FAIL,   answer_fail  },
};

static void a_row_is_a_function_that_asks(void **state)
{
    struct shop shop = {.st = ST_OK};
    struct call call = {.clock = &CLOCK_SYSTEM};
    struct number out = {0};

    (void)state;
    remote_memory_init(&shop.others, ANSWERS, ARRAY_LEN(ANSWERS), &shop);
    assert_int_equal(ask_double(&shop.others.base, &call, &(struct number){21}, &out), ST_OK);
    assert_int_equal(out.number, 42);
    assert_int_equal(ask_double(&shop.others.base, &call, &(struct number){4}, NULL), ST_OK);
    assert_int_equal(shop.asked, 2);
}

static void a_refusal_leaves_the_reply_alone(void **state)
{
    struct shop shop = {.st = ST_CONFLICT};
    struct problem problem = {0};
    struct call call = {.clock = &CLOCK_SYSTEM, .problem = &problem};
    struct number out = {7};

    (void)state;
    remote_memory_init(&shop.others, ANSWERS, ARRAY_LEN(ANSWERS), &shop);
    assert_int_equal(ask_fail(&shop.others.base, &call, &(struct number){0}, &out), ST_CONFLICT);
    assert_int_equal(out.number, 7);
    assert_string_equal(problem.code, "code");
}

/* A 503 of a service's own, which was asked. */
static enum status ask_busy(struct remote *self, const struct call *call,
                            const struct operation *op, const void *in, void *out, bool *asked)
{
    (void)self;
    (void)call;
    (void)op;
    (void)in;
    (void)out;
    *asked = true;
    return ST_OVERLOADED;
}

static const struct remote_ops BUSY = {.ask = ask_busy};

static void only_what_nobody_was_asked_is_overloaded_where_that_matters(void **state)
{
    static const struct {
        enum status st, plain, if_asked;
    } cases[] = {
        {ST_OK,          ST_OK,          ST_OK         },
        {ST_PENDING,     ST_PENDING,     ST_PENDING    },
        {ST_CONFLICT,    ST_CONFLICT,    ST_CONFLICT   },
        {ST_TIMEOUT,     ST_TIMEOUT,     ST_TIMEOUT    },
        {ST_UNAVAILABLE, ST_UNAVAILABLE, ST_UNAVAILABLE},
        {ST_OVERLOADED,  ST_OVERLOADED,  ST_OVERLOADED },
    };
    struct remote busy = {&BUSY};
    struct number out;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct shop shop = {.st = cases[i].st};
        struct call call = {.clock = &CLOCK_SYSTEM};
        struct remote *others = &shop.others.base;
        remote_memory_init(&shop.others, ANSWERS, ARRAY_LEN(ANSWERS), &shop);
        assert_int_equal(ask_fail(others, &call, &(struct number){0}, &out), cases[i].plain);
        assert_int_equal(ask_fail_if_asked(others, &call, &(struct number){0}, &out),
                         cases[i].if_asked);
    }
    assert_int_equal(ask_fail(&busy, NULL, &(struct number){0}, &out), ST_OVERLOADED);
    assert_int_equal(ask_fail_if_asked(&busy, NULL, &(struct number){0}, &out), ST_UNAVAILABLE);
}

static void several_are_asked_at_once_and_each_has_its_answer(void **state)
{
    static const struct remote_row GOOD = {&DOUBLE, sizeof(struct number), sizeof(struct number),
                                           false};
    static const struct remote_row BAD = {&FAIL, sizeof(struct number), sizeof(struct number),
                                          false};
    const struct number in[REMOTE_ALL_MAX] = {{0}, {1}, {2}, {3}, {4}, {5}, {6}, {7}};
    struct number out[REMOTE_ALL_MAX];
    struct call call = {.clock = &CLOCK_SYSTEM};

    (void)state;
    for (size_t n = 0; n <= REMOTE_ALL_MAX; n++) {
        for (size_t bad = 0; bad <= n; bad++) { /* n: none of them */
            struct shop shop = {.st = ST_CONFLICT};
            struct remote_question asked[REMOTE_ALL_MAX];
            remote_memory_init(&shop.others, ANSWERS, ARRAY_LEN(ANSWERS), &shop);
            for (size_t i = 0; i < n; i++) {
                out[i].number = -1;
                asked[i] =
                    (struct remote_question){i == bad ? &BAD : &GOOD, &in[i], &out[i], ST_INTERNAL};
            }
            assert_int_equal(remote_ask_all(&shop.others.base, &call, asked, n),
                             bad < n ? ST_CONFLICT : ST_OK);
            for (size_t i = 0; i < n; i++) {
                assert_int_equal(asked[i].st, i == bad ? ST_CONFLICT : ST_OK);
                assert_int_equal(out[i].number, i == bad ? -1 : 2 * (int)i);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_is_a_function_that_asks),
        cmocka_unit_test(a_refusal_leaves_the_reply_alone),
        cmocka_unit_test(only_what_nobody_was_asked_is_overloaded_where_that_matters),
        cmocka_unit_test(several_are_asked_at_once_and_each_has_its_answer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
