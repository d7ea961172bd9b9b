/* thing_many.c - rows that are asked for together, in any store. */
#include <stdio.h>
#include <string.h>

#include "test/tool/store/thing.h"
#include "tool/core/mem.h"

static struct call call;

static struct store *things_of(void **state)
{
    call = test_call();
    return ((struct thing_world *)*state)->things;
}

static bool remove_all(struct store *things)
{
    struct thing rows[8];
    size_t n = 0;

    assert_status(ST_OK, store_list(things, NULL, &call, &(struct store_list){0}, 8, rows, &n));
    for (size_t i = 0; i < n; i++)
        assert_status(ST_OK, store_remove(things, NULL, &call, &rows[i].id, NULL, NULL));
    return n > 0;
}

int thing_empty(void **state)
{
    struct store *things = things_of(state);

    while (remove_all(things))
        ;
    return 0;
}

static void many_keys_are_asked_for_at_once(void **state)
{
    enum { N = 40, ASKED = 70 };
    struct store *things = things_of(state);
    const void *keys[ASKED];
    char codes[ASKED][16];
    struct thing rows[ASKED], row;
    bool found[ASKED];

    for (int i = 0; i < N; i++) {
        snprintf(codes[i], sizeof(codes[i]), "c%u", (unsigned)i % 100U);
        row = thing_made((uint8_t)(i + 1), codes[i], codes[i]);
        assert_status(ST_OK, store_insert(things, NULL, &call, &row, NULL));
    }
    for (size_t n = 0; n <= ASKED; n += n < 5 ? 1 : 13) {
        for (size_t i = 0; i < n; i++) { /* some twice, some not there, in no order */
            snprintf(codes[i], sizeof(codes[i]), "%c%zu", i % 5 == 4 ? 'x' : 'C', i * 7 % N);
            codes[i][0] += i % 5 == 4 ? 0 : 'c' - 'C';
            keys[i] = codes[i];
        }
        assert_status(ST_OK, store_find_many(things, NULL, &call, "code", keys, n, rows, found));
        for (size_t i = 0; i < n; i++) {
            assert_int_equal(i % 5 != 4, found[i]);
            if (found[i])
                assert_string_equal(codes[i], rows[i].code);
        }
    }
}

static void many_questions_are_answered_at_once(void **state)
{
    enum { N = QUESTIONS_MAX };
    struct store *things = things_of(state);
    struct question asked[N];
    struct thing want[N], got[N];

    for (size_t n = 1; n <= N; n += 5) {
        thing_empty(state);
        for (size_t i = 0; i < n; i++) {
            char code[24];
            snprintf(code, sizeof(code), "q%zu", i);
            want[i] = thing_made((uint8_t)(i + 1), code, code);
            got[i] = (struct thing){.amount = -1};
            asked[i] = (struct question){&call, &want[i], &got[i], ST_INTERNAL};
            if (i % 3 != 2)
                assert_status(ST_OK, store_insert(things, NULL, &call, &want[i], NULL));
        }
        store_answer(things, NULL, offsetof(struct thing, id), asked, n);
        for (size_t i = 0; i < n; i++) {
            assert_status(i % 3 == 2 ? ST_NOT_FOUND : ST_OK, asked[i].st);
            if (asked[i].st == ST_OK)
                assert_string_equal(want[i].code, got[i].code);
            else
                assert_int_equal(got[i].amount, -1);
        }
    }
}

#define TEST(name) cmocka_unit_test_prestate_setup_teardown(name, thing_empty, thing_empty, world)

int thing_many(struct thing_world *world)
{
    const struct CMUnitTest tests[] = {
        TEST(many_keys_are_asked_for_at_once),
        TEST(many_questions_are_answered_at_once),
    };

    return cmocka_run_group_tests_name("many", tests, NULL, NULL);
}
