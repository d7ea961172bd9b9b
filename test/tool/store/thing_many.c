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

/* Of ids from first on; each differs from the others by everything that is unique. */
static void make_many(struct thing *rows, size_t n, size_t first)
{
    for (size_t i = 0; i < n; i++) {
        char code[24];
        snprintf(code, sizeof(code), "m%zu", first + i);
        rows[i] = thing_made((uint8_t)(first + i), code, code);
    }
}

static void many_rows_are_inserted_at_once(void **state)
{
    struct store *things = things_of(state);
    struct thing rows[STORE_INSERT_MAX], got;

    for (size_t n = 1; n <= STORE_INSERT_MAX; n = n < 4 ? n + 1 : 2 * n) {
        thing_empty(state);
        make_many(rows, n, 1);
        rows[n - 1].has_rank = true;
        rows[n - 1].due_us = 1764374400123456;
        TEXT_COPY(rows[0].label, "한옥 \"\\ É");
        assert_status(ST_OK, store_insert_many(things, NULL, &call, rows, n, NULL));
        for (size_t i = 0; i < n; i++) {
            assert_int_equal(1, rows[i].version);
            assert_status(ST_OK, store_find(things, NULL, &call, NULL, &rows[i].id, &got));
            thing_assert_equal(&rows[i], &got);
            assert_status(ST_OK, store_find(things, NULL, &call, "label_key", rows[i].label, &got));
            assert_memory_equal(&rows[i].id, &got.id, sizeof(got.id));
        }
    }
}

/* Whatever is wrong with one of them. */
static void of_many_rows_all_are_inserted_or_none(void **state)
{
    enum { N = 8 };
    static const char *const TAKEN[] = {"PRIMARY", "code", "label_key", "owner_seat", NULL};
    struct store *things = things_of(state);
    struct thing there, rows[N], got;
    enum status want;

    make_many(&there, 1, 100);
    assert_status(ST_OK, store_insert(things, NULL, &call, &there, NULL));
    for (size_t wrong = 0; wrong < ARRAY_LEN(TAKEN); wrong++) {
        for (size_t at = 0; at < 2 * N; at++) { /* of one that is there, of one beside it */
            const struct thing *like = at < N || at == N ? &there : &rows[0];
            struct thing *bad = &rows[at % N];
            const char *taken = "";

            make_many(rows, N, 1);
            if (wrong == 0)
                bad->id = like->id;
            else if (wrong == 1)
                TEXT_COPY(bad->code, like->code);
            else if (wrong == 2)
                TEXT_COPY(bad->label, like->label);
            else if (wrong == 3)
                bad->seat = like->seat;
            else
                TEXT_COPY(bad->note, "nine long");
            want = TAKEN[wrong] ? ST_CONFLICT : ST_INTERNAL;
            assert_status(want, store_insert_many(things, NULL, &call, rows, N, &taken));
            assert_string_equal(TAKEN[wrong] ? TAKEN[wrong] : "", taken);
            assert_int_equal(0, rows[0].version);
            for (uint8_t i = 1; i <= N; i++)
                assert_status(ST_NOT_FOUND,
                              store_find(things, NULL, &call, NULL, &(struct uuid){{i}}, &got));
        }
    }
}

static void lists_of_many_values_are_read_at_once(void **state)
{
    enum { OWNERS = 40, ASKED = 45, MAX = 4 };
    struct store *things = things_of(state);
    struct thing *rows = mem_alloc((size_t)ASKED * MAX, sizeof(*rows)), row;
    struct uuid owners[ASKED];
    const void *values[ASKED];
    size_t counts[ASKED];
    int made = 0;

    for (uint8_t owner = 0; owner < OWNERS; owner++) {
        for (int seat = owner % 6 - 1; seat >= 0; seat--) { /* none to five, the last one first */
            char code[24];
            snprintf(code, sizeof(code), "o%d", ++made);
            row = thing_made((uint8_t)made, code, code);
            row.owner = (struct uuid){
                {1, owner}
            };
            row.seat = seat;
            assert_status(ST_OK, store_insert(things, NULL, &call, &row, NULL));
        }
    }
    for (size_t n = 0; n <= ASKED; n += n < 5 ? 1 : 8) {
        const struct store_many many = {"owner", values, n, "seat"};
        for (size_t i = 0; i < n; i++) { /* some twice, some that nobody has, in no order */
            owners[i] = (struct uuid){
                {1, (uint8_t)(i % 9 == 8 ? 200 : i * 7 % OWNERS)}
            };
            values[i] = &owners[i];
        }
        assert_status(ST_OK, store_list_many(things, NULL, &call, &many, MAX, rows, counts));
        for (size_t i = 0; i < n; i++) {
            size_t has = i % 9 == 8 ? 0 : i * 7 % OWNERS % 6;
            assert_int_equal(has < MAX ? has : MAX, counts[i]);
            for (size_t k = 0; k < counts[i]; k++) {
                assert_int_equal(k, rows[i * MAX + k].seat);
                assert_memory_equal(&owners[i], &rows[i * MAX + k].owner, sizeof(owners[i]));
            }
        }
    }
    free(rows);
}

static void what_rows_come_to_is_summed(void **state)
{
    static const struct {
        enum thing_state state;
        bool on;
        int64_t amount;
    } rows[] =
        {
            {THING_OLD, true,  5            },
            {THING_NEW, false, 7            },
            {THING_OLD, true,  -8           },
            {THING_NEW, true,  INT64_MAX - 1},
            {THING_NEW, true,  1            },
    },
      want[] = {
          {THING_NEW, false, 7},
          {THING_NEW, true, INT64_MAX},
          {THING_OLD, true, -3},
      };
    static const struct store_sums SUMS = {
        "amount", {"state", "on"}
    };
    struct store *things = things_of(state);
    struct thing row, got[4];
    size_t n;

    assert_status(ST_OK, store_sum(things, NULL, &call, &SUMS, 4, got, &n));
    assert_int_equal(0, n);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char code[24];
        snprintf(code, sizeof(code), "s%zu", i);
        row = thing_made((uint8_t)(i + 1), code, code);
        row.state = rows[i].state;
        row.on = rows[i].on;
        row.amount = rows[i].amount;
        assert_status(ST_OK, store_insert(things, NULL, &call, &row, NULL));
    }
    for (size_t max = 4; max > 0; max--) {
        assert_status(ST_OK, store_sum(things, NULL, &call, &SUMS, max, got, &n));
        assert_int_equal(max < ARRAY_LEN(want) ? max : ARRAY_LEN(want), n);
        for (size_t i = 0; i < n; i++) {
            row =
                (struct thing){.state = want[i].state, .on = want[i].on, .amount = want[i].amount};
            thing_assert_equal(&row, &got[i]);
        }
    }
}

#define TEST(name) cmocka_unit_test_prestate_setup_teardown(name, thing_empty, thing_empty, world)

int thing_many(struct thing_world *world)
{
    const struct CMUnitTest tests[] = {
        TEST(many_keys_are_asked_for_at_once),       TEST(many_questions_are_answered_at_once),
        TEST(many_rows_are_inserted_at_once),        TEST(of_many_rows_all_are_inserted_or_none),
        TEST(lists_of_many_values_are_read_at_once), TEST(what_rows_come_to_is_summed),
    };

    return cmocka_run_group_tests_name("many", tests, NULL, NULL);
}
