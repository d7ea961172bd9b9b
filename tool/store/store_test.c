/* store_test.c - many questions, one question to the store: who gets which answer. */
#include "tool/store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "tool/core/mem.h"

enum { POISON = 13, NOBODY = 99 };

struct row {
    int64_t id, twice;
};

struct asked_for {
    char before;
    int64_t id;
};

/* A store of all ids but NOBODY; who reads POISON, alone or among others, is told ST_INTERNAL. */
static struct {
    struct store base;
    enum status many[2]; /* of the first and the second time; ST_OK = as it is */
    int asked_one, asked_many;
    int64_t last_deadline_ms;
} fake;

static enum status find(struct store *self, struct transaction *tx, const struct call *call,
                        const char *by, const void *key, void *out)
{
    int64_t id = *(const int64_t *)key;

    (void)self;
    assert_null(tx);
    assert_null(by);
    fake.asked_one++;
    if (id == NOBODY || id == POISON)
        return id == NOBODY ? ST_NOT_FOUND : call_fail(call, ST_INTERNAL, NULL, "It is spoilt.");
    *(struct row *)out = (struct row){id, 2 * id};
    return ST_OK;
}

static enum status find_many(struct store *self, struct transaction *tx, const struct call *call,
                             const char *by, const void *const keys[], size_t n, void *rows,
                             bool found[])
{
    enum status st = fake.many[fake.asked_many++ % 2];

    (void)self;
    assert_null(tx);
    assert_null(by);
    assert_null(call->problem);
    fake.last_deadline_ms = call->deadline_ms;
    for (size_t i = 0; i < n && st == ST_OK; i++) {
        int64_t id = *(const int64_t *)keys[i];
        if (id == POISON)
            return ST_INTERNAL;
        found[i] = id != NOBODY;
        ((struct row *)rows)[i] = (struct row){id, 2 * id};
    }
    return st;
}

static const struct store_ops OPS = {.find = find, .find_many = find_many};
static const struct table TABLE_OF_ROWS = {.name = "row", .row_size = sizeof(struct row)};

static void each_gets_the_answer_to_its_own_question(void **state)
{
    static const struct {
        const char *why;
        int64_t ids[5]; /* up to 0 */
        enum status many[2];
        enum status want; /* of those that are there */
        int asked_one, asked_many;
    } cases[] = {
        {"one",                         {7},                       {ST_OK},                          ST_OK,          1, 0},
        {"one that is not there",       {NOBODY},                  {ST_OK},                          ST_OK,          1, 0},
        {"some",                        {7, 8, 9},                 {ST_OK},                          ST_OK,          0, 1},
        {"twice the same, one missing", {7, 7, NOBODY, 8},         {ST_OK},                          ST_OK,          0, 1},
        {"one is spoilt",               {7, POISON, 8, NOBODY, 9}, {ST_OK},                          ST_OK,          5, 1},
        {"the connection dies",         {7, 8},                    {ST_UNAVAILABLE, ST_OK},          ST_OK,          0, 2},
        {"it is away",                  {7, 8},                    {ST_UNAVAILABLE, ST_UNAVAILABLE}, ST_UNAVAILABLE, 0, 2},
        {"no connection is free",       {7, 8},                    {ST_OVERLOADED, ST_OK},           ST_OVERLOADED,  0, 1},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct asked_for in[5];
        struct row out[5] = {{0}};
        struct question asked[5];
        struct call calls[5];
        size_t n = 0;
        int64_t late_ms = clock_now_ms(&CLOCK_SYSTEM) + 50000;
        for (; n < 5 && cases[i].ids[n]; n++) {
            calls[n] = (struct call){.clock = &CLOCK_SYSTEM,
                                     .deadline_ms = late_ms - (n == 1 ? 0 : 20000)};
            in[n] = (struct asked_for){'x', cases[i].ids[n]};
            asked[n] = (struct question){&calls[n], &in[n], &out[n], ST_INTERNAL};
        }
        fake.base = (struct store){&OPS, &TABLE_OF_ROWS};
        fake.asked_one = fake.asked_many = 0;
        fake.many[0] = cases[i].many[0];
        fake.many[1] = cases[i].many[1];
        store_answer(&fake.base, NULL, offsetof(struct asked_for, id), asked, n);
        for (size_t k = 0; k < n; k++) {
            int64_t id = cases[i].ids[k];
            enum status want = cases[i].want != ST_OK ? cases[i].want
                               : id == NOBODY         ? ST_NOT_FOUND
                               : id == POISON         ? ST_INTERNAL
                                                      : ST_OK;
            if (asked[k].st != want || out[k].twice != (want == ST_OK ? 2 * id : 0))
                fail_msg("%s: %d: got %s", cases[i].why, (int)id, status_name(asked[k].st));
        }
        if (fake.asked_one != cases[i].asked_one || fake.asked_many != cases[i].asked_many)
            fail_msg("%s: asked %d and %d times", cases[i].why, fake.asked_one, fake.asked_many);
        if (fake.asked_many) /* the last of them to give up is who it is asked for */
            assert_int_equal(fake.last_deadline_ms, late_ms);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_gets_the_answer_to_its_own_question),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
