/* thing_contract.c - what every store does, case by case. */
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

static void values_come_back_as_they_went(void **state)
{
    struct store *things = things_of(state);
    struct thing rows[] = {
        {.id = {{1}},        .code = "plain", .label = "Plain", .seat = 1, .amount = -1    },
        {.id = {{2}},
         .code = "all",
         .label = "ALL",
         .owner = {{9, 9}},
         .seat = INT64_MAX,
         .amount = INT64_MIN,
         .has_rank = true,
         .rank = INT32_MIN,
         .on = true,
         .state = THING_GONE,
         .due_us = 1764374400123456,
         .day = -719162,
         .note = "a ' \\ ?"},
        {.id = {{3}},   .code = "zeros",                   .label = "",                                            .has_rank = true,                                              .rank = 0,                                                         .day = 2932896},
        {.id = {{4}}, .code = "utf8",                .label = "김한옥 🏠",                      .seat = 2,              .note = "한글한글 "},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct thing got = {.code = "junk", .rank = 7};
        assert_status(ST_OK, store_insert(things, NULL, &call, &rows[i], NULL));
        assert_int_equal(1, rows[i].version);
        assert_true(rows[i].created_us > 0 && rows[i].updated_us == rows[i].created_us);
        assert_status(ST_OK, store_find(things, NULL, &call, NULL, &rows[i].id, &got));
        thing_assert_equal(&rows[i], &got);
        assert_status(ST_OK, store_find(things, NULL, &call, "code", rows[i].code, &got));
        assert_status(ST_OK, store_find(things, NULL, &call, "label_key", rows[i].label, &got));
        thing_assert_equal(&rows[i], &got);
    }
}

static void what_is_not_there_is_not_found_and_nothing_is_written(void **state)
{
    struct store *things = things_of(state);
    struct thing row = {.code = "same"};
    struct uuid id = {{77}};

    assert_status(ST_NOT_FOUND, store_find(things, NULL, &call, NULL, &id, &row));
    assert_status(ST_NOT_FOUND, store_find(things, NULL, &call, "code", "nobody", &row));
    assert_status(ST_NOT_FOUND, store_remove(things, NULL, &call, &id, NULL, NULL));
    assert_string_equal("same", row.code);
}

static void a_conflict_names_the_key(void **state)
{
    static const struct {
        const char *why;
        struct thing row;
        const char *taken; /* NULL = none */
    } cases[] = {
        {"the same id",               {.id = {{1}}, .code = "b", .label = "b", .seat = 2},  "PRIMARY"   },
        {"the same code",             {.id = {{2}}, .code = "a", .label = "b", .seat = 2},  "code"      },
        {"blanks at the end",         {.id = {{2}}, .code = "a ", .label = "b", .seat = 2}, "code"      },
        {"another case of the code",  {.id = {{2}}, .code = "A", .label = "b", .seat = 2},  NULL        },
        {"another case of the label", {.id = {{3}}, .code = "c", .label = "LABEL"},         "label_key" },
        {"the same seat",             {.id = {{3}}, .code = "c", .label = "c", .seat = 1},  "owner_seat"},
        {"another's seat",
         {.id = {{3}}, .code = "c", .label = "c", .owner = {{1}}, .seat = 1},
         NULL                                                                                           },
    };
    struct store *things = things_of(state);
    struct thing first = {.id = {{1}}, .code = "a", .label = "Label", .seat = 1};

    assert_status(ST_OK, store_insert(things, NULL, &call, &first, NULL));
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct thing row = cases[i].row;
        const char *taken = NULL;
        enum status got = store_insert(things, NULL, &call, &row, &taken);
        if (got != (cases[i].taken ? ST_CONFLICT : ST_OK) ||
            strcmp(taken ? taken : "", cases[i].taken ? cases[i].taken : "") != 0)
            fail_msg("%s: %s %s", cases[i].why, status_name(got), taken);
        assert_int_equal(got == ST_OK, row.version);
    }
}

static enum status set_amount(void *row, const struct call *c, void *arg)
{
    struct thing *thing = row;

    (void)c;
    thing->amount = *(int64_t *)arg;
    return ST_OK;
}

static enum status spoil_and_refuse(void *row, const struct call *c, void *arg)
{
    (void)arg;
    ((struct thing *)row)->amount = -1;
    return call_fail(c, ST_CONFLICT, "wrong_state", "No.");
}

static void a_change_raises_the_version_once(void **state)
{
    struct store *things = things_of(state);
    struct thing row = thing_made(1, "a", "a"), got;
    int64_t amount = 5;
    struct store_change change = {.fn = set_amount, .arg = &amount};

    assert_status(ST_OK, store_insert(things, NULL, &call, &row, NULL));
    for (int i = 0; i < 2; i++) { /* the second time nothing changes */
        assert_status(ST_OK, store_change(things, NULL, &call, &row.id, &change, &got));
        assert_int_equal(2, got.version);
        assert_int_equal(5, got.amount);
        assert_true(got.created_us == row.created_us && got.updated_us >= row.updated_us);
    }
    assert_status(ST_OK, store_find(things, NULL, &call, NULL, &row.id, &row));
    thing_assert_equal(&got, &row);
    amount = 6;
    change.version = 1;
    assert_status(ST_STALE, store_change(things, NULL, &call, &row.id, &change, &got));
    assert_int_equal(5, got.amount); /* untouched */
    change.version = 2;
    assert_status(ST_OK, store_change(things, NULL, &call, &row.id, &change, NULL));
    assert_status(ST_NOT_FOUND,
                  store_change(things, NULL, &call, &(struct uuid){{7}}, &change, &got));
}

static void a_column_turns_only_from_what_it_was(void **state)
{
    static const struct {
        enum thing_state from, to;
        enum status want;
    } cases[] = {
        {THING_OLD,  THING_GONE, ST_CONFLICT},
        {THING_NEW,  THING_OLD,  ST_OK      },
        {THING_NEW,  THING_OLD,  ST_OK      }, /* it is already */
        {THING_GONE, THING_NEW,  ST_CONFLICT},
    };
    static const struct {
        const char *from, *to;
        enum status want;
    } texts[] = {
        {"other", "new",       ST_CONFLICT},
        {"old",   "new",       ST_OK      },
        {"old",   "newer",     ST_CONFLICT},
        {"new",   "too long.", ST_INTERNAL},
    };
    struct store *things = things_of(state);
    struct thing row = thing_made(1, "old", "a");

    assert_status(ST_OK, store_insert(things, NULL, &call, &row, NULL));
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_status(cases[i].want, store_turn(things, NULL, &call, &row.id, "state",
                                                &cases[i].from, &cases[i].to));
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        assert_status(texts[i].want,
                      store_turn(things, NULL, &call, &row.id, "code", texts[i].from, texts[i].to));
    row.id.b[0] = 2;
    assert_status(ST_NOT_FOUND, store_turn(things, NULL, &call, &row.id, "code", "old", "new"));
    row.id.b[0] = 1;
    assert_status(ST_OK, store_find(things, NULL, &call, "code", "new", &row));
    assert_int_equal(THING_OLD, row.state);
    assert_int_equal(3, row.version);
}

static void a_column_turns_alone(void **state)
{
    static const enum thing_state FROM = THING_NEW, TO = THING_GONE;
    struct store *things = things_of(state);
    struct thing row = thing_made(1, "one", "a"), other = thing_made(2, "two", "b"), got;

    assert_status(ST_OK, store_insert(things, NULL, &call, &row, NULL));
    assert_status(ST_OK, store_insert(things, NULL, &call, &other, NULL));
    assert_status(ST_OK, store_turn(things, NULL, &call, &row.id, "state", &FROM, &TO));
    assert_status(ST_OK, store_find(things, NULL, &call, NULL, &row.id, &got));
    assert_true(got.updated_us >= row.updated_us);
    row.updated_us = got.updated_us;
    row.state = THING_GONE;
    row.version++;
    thing_assert_equal(&row, &got);
    assert_status(ST_OK, store_find(things, NULL, &call, NULL, &other.id, &got));
    thing_assert_equal(&other, &got);
}

struct refused {
    struct store *things;
    struct thing *row;
};

static enum status insert_and_be_refused(struct transaction *tx, const struct call *c, void *arg)
{
    struct refused *refused = arg;
    struct thing other = thing_made(2, "b", "b");
    struct store_change change = {.fn = spoil_and_refuse};

    assert_status(ST_OK, store_insert(refused->things, tx, c, &other, NULL));
    assert_status(ST_CONFLICT,
                  store_change(refused->things, tx, c, &refused->row->id, &change, NULL));
    assert_status(ST_CONFLICT, store_insert(refused->things, tx, c, &other, NULL));
    return ST_OK;
}

static void a_refusal_writes_nothing_and_rolls_nothing_back(void **state)
{
    struct thing_world *world = *state;
    struct store *things = things_of(state);
    struct thing row = thing_made(1, "a", "a"), got;
    struct refused refused = {things, &row};

    assert_status(ST_OK, store_insert(things, NULL, &call, &row, NULL));
    assert_status(ST_OK, transactor_run(world->transactor, &call, insert_and_be_refused, &refused));
    assert_status(ST_OK, store_find(things, NULL, &call, NULL, &row.id, &got));
    thing_assert_equal(&row, &got);
    assert_status(ST_OK, store_find(things, NULL, &call, "code", "b", &got));
    assert_status(ST_CONFLICT, store_remove(things, NULL, &call, &row.id, spoil_and_refuse, NULL));
    assert_status(ST_OK, store_find(things, NULL, &call, NULL, &row.id, &got));
}

static enum status take_label(void *row, const struct call *c, void *arg)
{
    (void)c;
    TEXT_COPY(((struct thing *)row)->label, (const char *)arg);
    return ST_OK;
}

static void a_change_can_conflict(void **state)
{
    struct store *things = things_of(state);
    struct thing a = thing_made(1, "a", "a"), b = thing_made(2, "b", "b");
    const char *taken = NULL;
    struct store_change change = {.fn = take_label, .arg = (void *)"A", .taken = &taken};

    assert_status(ST_OK, store_insert(things, NULL, &call, &a, NULL));
    assert_status(ST_OK, store_insert(things, NULL, &call, &b, NULL));
    assert_status(ST_CONFLICT, store_change(things, NULL, &call, &b.id, &change, NULL));
    assert_string_equal("label_key", taken);
    assert_status(ST_OK, store_change(things, NULL, &call, &a.id, &change, &a)); /* its own */
    assert_string_equal("A", a.label);
}

static void a_patch_changes_what_it_names(void **state)
{
    static const size_t MEMBERS[] = {offsetof(struct thing, label), offsetof(struct thing, rank)};
    struct store *things = things_of(state);
    struct thing row = thing_made(1, "a", "a"), got;
    struct thing patch = {.label = "New", .has_rank = true, .rank = 3, .amount = 77, .code = "x"};

    assert_status(ST_OK, store_insert(things, NULL, &call, &row, NULL));
    assert_status(ST_STALE,
                  store_patch(things, NULL, &call, &row.id, 2, &patch, MEMBERS, 2, &got, NULL));
    assert_status(ST_OK,
                  store_patch(things, NULL, &call, &row.id, 1, &patch, MEMBERS, 2, &got, NULL));
    assert_string_equal("New", got.label);
    assert_true(got.has_rank && got.rank == 3 && got.amount == row.amount && got.version == 2);
    assert_status(ST_OK, store_find(things, NULL, &call, "label_key", "NEW", &got));
    assert_string_equal("a", got.code);
}

static void a_value_that_does_not_fit_is_refused(void **state)
{
    struct store *things = things_of(state);
    struct thing row = thing_made(1, "a", "a");

    TEXT_COPY(row.note, "123456789"); /* the member has room, the column not */
    assert_status(ST_INTERNAL, store_insert(things, NULL, &call, &row, NULL));
    TEXT_COPY(row.note, "12345678");
    row.due_us = 253402300800000000; /* the year 10000 */
    assert_status(ST_INTERNAL, store_insert(things, NULL, &call, &row, NULL));
    row.due_us--;
    assert_status(ST_OK, store_insert(things, NULL, &call, &row, NULL));
}

struct race {
    struct store *things;
    struct uuid id;
};

static enum status add_one(void *row, const struct call *c, void *arg)
{
    (void)c;
    (void)arg;
    ((struct thing *)row)->amount++;
    return ST_OK;
}

static void add_often(void *arg, int i)
{
    struct race *race = arg;
    struct store_change change = {.fn = add_one};
    struct call mine = test_call();

    (void)i;
    for (int k = 0; k < 20; k++)
        assert_status(ST_OK, store_change(race->things, NULL, &mine, &race->id, &change, NULL));
}

static void changes_at_once_are_all_kept(void **state)
{
    struct store *things = things_of(state);
    struct thing row = thing_made(1, "a", "a");
    struct race race = {things, row.id};

    row.amount = 0;
    assert_status(ST_OK, store_insert(things, NULL, &call, &row, NULL));
    test_race(8, add_often, &race);
    assert_status(ST_OK, store_find(things, NULL, &call, NULL, &row.id, &row));
    assert_int_equal(160, row.amount);
    assert_int_equal(161, row.version);
}

#define TEST(name) cmocka_unit_test_prestate_setup_teardown(name, thing_empty, thing_empty, world)

int thing_contract(struct thing_world *world)
{
    const struct CMUnitTest tests[] = {
        TEST(values_come_back_as_they_went),
        TEST(what_is_not_there_is_not_found_and_nothing_is_written),
        TEST(a_conflict_names_the_key),
        TEST(a_change_raises_the_version_once),
        TEST(a_column_turns_only_from_what_it_was),
        TEST(a_column_turns_alone),
        TEST(a_refusal_writes_nothing_and_rolls_nothing_back),
        TEST(a_change_can_conflict),
        TEST(a_patch_changes_what_it_names),
        TEST(a_value_that_does_not_fit_is_refused),
        TEST(changes_at_once_are_all_kept),
    };

    return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
