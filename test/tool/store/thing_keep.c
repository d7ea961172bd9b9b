/* thing_keep.c - rows of a view: whatever comes again or late, the latest version stays; and what
 * of a row has no version. */
#include <stdatomic.h>
#include <string.h>

#include "test/tool/store/thing.h"
#include "tool/core/mem.h"

enum { RACERS = 8, ROUNDS = 20 };

static struct call call;

static struct store *things_of(void **state)
{
    call = test_call();
    return ((struct thing_world *)*state)->things;
}

static struct thing at_version(int64_t version, const char *note)
{
    struct thing row = thing_made(1, "a", "a");

    row.version = version;
    TEXT_COPY(row.note, note);
    return row;
}

static void expect(struct store *things, int64_t version, const char *note)
{
    struct thing got, want = thing_made(1, "a", "a");

    assert_status(ST_OK, store_find(things, NULL, &call, NULL, &want.id, &got));
    assert_int_equal(got.version, version);
    assert_string_equal(got.note, note);
    assert_true(got.created_us > 0 && got.updated_us >= got.created_us);
}

static void only_what_is_newer_is_kept(void **state)
{
    static const struct {
        int64_t version;
        const char *note;
        enum status want;
        int64_t then;
        const char *note_then;
    } CASES[] = {
        {5, "five",  ST_OK,    5, "five"},
        {5, "again", ST_STALE, 5, "five"},
        {4, "four",  ST_STALE, 5, "five"},
        {9, "nine",  ST_OK,    9, "nine"},
        {7, "seven", ST_STALE, 9, "nine"},
        {1, "one",   ST_STALE, 9, "nine"},
    };
    struct store *things = things_of(state);

    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        struct thing row = at_version(CASES[i].version, CASES[i].note);
        assert_status(CASES[i].want, store_keep(things, NULL, &call, &row, NULL));
        expect(things, CASES[i].then, CASES[i].note_then);
    }
}

static void the_first_coming_is_when_it_was_created(void **state)
{
    struct store *things = things_of(state);
    struct thing row = at_version(1, "one"), first, second;

    assert_status(ST_OK, store_keep(things, NULL, &call, &row, NULL));
    assert_status(ST_OK, store_find(things, NULL, &call, NULL, &row.id, &first));
    row = at_version(2, "two");
    assert_status(ST_OK, store_keep(things, NULL, &call, &row, NULL));
    assert_status(ST_OK, store_find(things, NULL, &call, NULL, &row.id, &second));
    assert_int_equal(first.created_us, second.created_us);
}

static void what_is_another_row_s_is_refused_by_name(void **state)
{
    struct store *things = things_of(state);
    struct thing row = at_version(1, "one"), other = thing_made(2, "a", "b");
    const char *taken = NULL;

    assert_status(ST_OK, store_keep(things, NULL, &call, &row, NULL));
    other.version = 1;
    assert_status(ST_CONFLICT, store_keep(things, NULL, &call, &other, &taken));
    assert_string_equal(taken, "code");
    TEXT_COPY(other.code, "b");
    assert_status(ST_OK, store_keep(things, NULL, &call, &other, &taken));
    other.version = 2;
    TEXT_COPY(other.code, "a");
    assert_status(ST_CONFLICT, store_keep(things, NULL, &call, &other, &taken));
}

struct keeping {
    struct store *things;
    const struct thing *row;
    enum status end;
};

static enum status keep_in(struct transaction *tx, const struct call *c, void *arg)
{
    struct keeping *k = arg;
    enum status st = store_keep(k->things, tx, c, k->row, NULL);

    return st == ST_OK ? k->end : st;
}

static void it_is_part_of_its_transaction(void **state)
{
    struct thing_world *world = *state;
    struct thing row = at_version(1, "one"), got;
    struct keeping k = {things_of(state), &row, ST_CONFLICT};

    assert_status(ST_CONFLICT, transactor_run(world->transactor, &call, keep_in, &k));
    assert_status(ST_NOT_FOUND, store_find(k.things, NULL, &call, NULL, &row.id, &got));
    k.end = ST_OK;
    assert_status(ST_OK, transactor_run(world->transactor, &call, keep_in, &k));
    assert_status(ST_STALE, transactor_run(world->transactor, &call, keep_in, &k));
    expect(k.things, 1, "one");
}

static enum status hold(void *row, const struct call *c, void *arg)
{
    (void)c;
    ((struct thing *)row)->holder = *(const struct uuid *)arg;
    return ST_OK;
}

static enum status hold_and_note(void *row, const struct call *c, void *arg)
{
    TEXT_COPY(((struct thing *)row)->note, "held");
    return hold(row, c, arg);
}

static void who_holds_a_row_is_no_version_of_it(void **state)
{
    struct store *things = things_of(state);
    struct thing row = thing_made(1, "a", "a"), want, got;
    struct store_change how = {.fn = hold, .arg = &(struct uuid){{7}}};

    assert_status(ST_OK, store_insert(things, NULL, &call, &row, NULL));
    want = row;
    want.holder.b[0] = 7;
    assert_status(ST_OK, store_change(things, NULL, &call, &row.id, &how, &got));
    thing_assert_equal(&want, &got);
    assert_status(ST_OK, store_find(things, NULL, &call, NULL, &row.id, &got));
    thing_assert_equal(&want, &got);
    how.arg = &(struct uuid){{0}};
    assert_status(ST_OK, store_change(things, NULL, &call, &row.id, &how, &got));
    thing_assert_equal(&row, &got);
    how = (struct store_change){.fn = hold_and_note, .arg = &(struct uuid){{7}}};
    assert_status(ST_OK, store_change(things, NULL, &call, &row.id, &how, &got));
    assert_int_equal(got.version, 2);
    assert_int_equal(got.holder.b[0], 7);
}

struct race {
    struct thing_world *world;
    atomic_llong next;
};

static void keep_often(void *arg, int i)
{
    struct race *race = arg;

    (void)i;
    for (int k = 0; k < ROUNDS; k++) {
        struct thing row = at_version(atomic_fetch_add(&race->next, 1) + 1, "raced");
        struct keeping one = {race->world->things, &row, ST_OK};
        struct call mine = test_call();
        enum status st = transactor_run(race->world->transactor, &mine, keep_in, &one);
        assert_true(st == ST_OK || st == ST_STALE);
    }
}

static void of_many_at_once_the_latest_stays(void **state)
{
    struct race race = {.world = *state};

    things_of(state);
    test_race(RACERS, keep_often, &race);
    expect(race.world->things, RACERS * ROUNDS, "raced");
}

#define TEST(name) cmocka_unit_test_prestate_setup_teardown(name, thing_empty, thing_empty, world)

int thing_keep(struct thing_world *world)
{
    const struct CMUnitTest tests[] = {
        TEST(only_what_is_newer_is_kept),
        TEST(the_first_coming_is_when_it_was_created),
        TEST(what_is_another_row_s_is_refused_by_name),
        TEST(it_is_part_of_its_transaction),
        TEST(who_holds_a_row_is_no_version_of_it),
        TEST(of_many_at_once_the_latest_stays),
    };

    return cmocka_run_group_tests_name("kept by version", tests, NULL, NULL);
}
