/* saga_store_contract.c - what every saga_store does. */
#include "test/tool/saga/saga_rows.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tool/core/mem.h"

enum { CLAIM_MAX = 64, PATIENCE_MS = 120000 };

struct saga_record saga_row_new(void)
{
    struct saga_record record = {
        .view = {.id = test_uuid(), .about = test_uuid(), .state = SAGA_STARTED},
        .remaining_ms = 30000,
    };

    TEXT_COPY(record.type, "signup");
    TEXT_COPY(record.view.step, "create_account");
    TEXT_COPY(record.data, "{\"name\":\"김한옥\"}");
    return record;
}

struct insertion {
    struct saga_store *sagas;
    struct saga_record *record;
    int64_t lease_ms;
    enum status end;
};

static enum status insert(struct transaction *tx, const struct call *call, void *arg)
{
    struct insertion *in = arg;
    enum status st = in->sagas->ops->insert(in->sagas, tx, call, in->record, in->lease_ms);

    return st == ST_OK ? in->end : st;
}

static enum status try_insert(struct saga_world *world, struct saga_record *record,
                              int64_t lease_ms, enum status end)
{
    struct insertion in = {world->sagas, record, lease_ms, end};
    struct call call = test_call();

    return transactor_run(world->transactor, &call, insert, &in);
}

struct saga_record saga_row_stored(struct saga_world *world, int64_t lease_ms)
{
    struct saga_record record = saga_row_new();

    assert_status(ST_OK, try_insert(world, &record, lease_ms, ST_OK));
    assert_int_equal(1, record.version);
    return record;
}

static enum status update(struct saga_world *world, struct saga_record *record, int64_t wake_ms)
{
    struct call call = test_call();

    return world->sagas->ops->update(world->sagas, NULL, &call, record, wake_ms);
}

struct saga_record saga_row_found(struct saga_world *world, struct uuid id)
{
    struct call call = test_call();
    struct saga_record out = {0};

    assert_status(ST_OK, world->sagas->ops->find(world->sagas, &call, id, &out));
    return out;
}

void saga_row_end(struct saga_world *world, struct saga_record *record)
{
    record->view.state = SAGA_SUCCEEDED;
    assert_status(ST_OK, update(world, record, 0));
}

bool saga_row_claimed(struct saga_world *world, struct uuid id, int64_t lease_ms,
                      struct saga_record *out)
{
    struct saga_record *due = mem_alloc(CLAIM_MAX, sizeof(*due));
    struct call call = test_call();
    bool is_in = false;
    size_t n = 0;

    assert_status(ST_OK,
                  world->sagas->ops->claim(world->sagas, &call, lease_ms, CLAIM_MAX, due, &n));
    for (size_t i = 0; i < n; i++) {
        if (uuid_equal(due[i].view.id, id)) {
            *out = due[i];
            is_in = true;
        } else {
            saga_row_end(world, &due[i]);
        }
    }
    free(due);
    return is_in;
}

bool saga_row_claimed_in_time(struct saga_world *world, struct uuid id, int64_t lease_ms,
                              struct saga_record *out)
{
    int64_t until_ms = clock_now_ms(&CLOCK_SYSTEM) + PATIENCE_MS;

    while (!saga_row_claimed(world, id, lease_ms, out)) {
        if (clock_now_ms(&CLOCK_SYSTEM) > until_ms)
            return false;
        nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL); /* lint: allow sleep of the test */
    }
    return true;
}

static void what_was_inserted_is_found(void **state)
{
    int64_t before_us = clock_wall_us(&CLOCK_SYSTEM);
    struct saga_record record = saga_row_stored(*state, LONG_MS);
    struct saga_record out = saga_row_found(*state, record.view.id);

    assert_true(uuid_equal(record.view.about, out.view.about));
    assert_string_equal(record.type, out.type);
    assert_int_equal(SAGA_STARTED, out.view.state);
    assert_string_equal("create_account", out.view.step);
    assert_string_equal("", out.view.reason);
    assert_string_equal(record.data, out.data);
    assert_int_equal(1, out.version);
    assert_int_equal(0, out.attempts);
    assert_in_range(out.remaining_ms, 1, 30000);
    assert_in_range(out.view.started_us, before_us, clock_wall_us(&CLOCK_SYSTEM));
    assert_int_equal(out.view.started_us, out.view.updated_us);
}

static void an_id_is_known_once_and_nothing_is_found_of_what_was_rolled_back(void **state)
{
    struct saga_world *world = *state;
    struct saga_record record = saga_row_stored(world, LONG_MS), other = saga_row_new(), out;
    struct call call = test_call();

    assert_status(ST_CONFLICT, try_insert(world, &record, LONG_MS, ST_OK));
    assert_status(ST_INVALID, try_insert(world, &other, LONG_MS, ST_INVALID));
    assert_status(ST_NOT_FOUND, world->sagas->ops->find(world->sagas, &call, other.view.id, &out));
}

static void an_update_writes_all_and_raises_the_version(void **state)
{
    struct saga_record record = saga_row_stored(*state, LONG_MS), out;

    record.view.state = SAGA_COMPENSATING;
    record.attempts = 7;
    TEXT_COPY(record.view.step, "register_profile");
    TEXT_COPY(record.view.reason, "email_taken");
    TEXT_COPY(record.data, "{}");
    assert_status(ST_OK, update(*state, &record, LONG_MS));
    assert_int_equal(2, record.version);
    out = saga_row_found(*state, record.view.id);
    assert_int_equal(SAGA_COMPENSATING, out.view.state);
    assert_int_equal(7, out.attempts);
    assert_int_equal(2, out.version);
    assert_string_equal("register_profile", out.view.step);
    assert_string_equal("email_taken", out.view.reason);
    assert_string_equal("{}", out.data);
    assert_true(out.view.updated_us >= out.view.started_us);
}

static void a_writer_with_an_old_fence_is_refused(void **state)
{
    struct saga_record mine = saga_row_stored(*state, LONG_MS), stale = mine, out;

    assert_status(ST_OK, update(*state, &mine, LONG_MS));
    stale.view.state = SAGA_COMPENSATED;
    assert_status(ST_STALE, update(*state, &stale, 0));
    assert_int_equal(1, stale.version);
    out = saga_row_found(*state, mine.view.id);
    assert_int_equal(SAGA_STARTED, out.view.state);
    stale = saga_row_new();
    stale.version = 1;
    assert_status(ST_STALE, update(*state, &stale, 0)); /* no such saga */
}

static void only_what_is_due_is_claimed_and_for_the_lease_by_one(void **state)
{
    struct saga_record later = saga_row_stored(*state, LONG_MS), due, out, again;

    assert_false(saga_row_claimed(*state, later.view.id, LONG_MS, &out));
    due = saga_row_stored(*state, 0);
    assert_true(saga_row_claimed_in_time(*state, due.view.id, LONG_MS, &out));
    assert_int_equal(2, out.version);
    assert_string_equal(due.data, out.data);
    assert_string_equal("signup", out.type);
    assert_false(saga_row_claimed(*state, due.view.id, LONG_MS, &again));
    assert_status(ST_STALE, update(*state, &due, 0)); /* who had it before the claim */
    assert_status(ST_OK, update(*state, &out, 0));
    assert_true(saga_row_claimed_in_time(*state, due.view.id, LONG_MS, &again));
    saga_row_end(*state, &again);
}

static void what_a_dead_owner_held_comes_due_again(void **state)
{
    struct saga_record record = saga_row_stored(*state, 0), first, second;

    assert_true(saga_row_claimed_in_time(*state, record.view.id, 20, &first));
    assert_true(saga_row_claimed_in_time(*state, record.view.id, LONG_MS, &second));
    assert_true(second.version > first.version);
    assert_status(ST_STALE, update(*state, &first, 0));
    saga_row_end(*state, &second);
}

static void an_ended_saga_is_never_due_and_keeps_no_data(void **state)
{
    static const enum saga_state ENDS[] = {SAGA_SUCCEEDED, SAGA_COMPENSATED};

    for (size_t i = 0; i < ARRAY_LEN(ENDS); i++) {
        struct saga_record record = saga_row_stored(*state, 0), out;
        record.view.state = ENDS[i];
        assert_status(ST_OK, update(*state, &record, 0));
        assert_false(saga_row_claimed(*state, record.view.id, LONG_MS, &out));
        out = saga_row_found(*state, record.view.id);
        assert_int_equal(ENDS[i], out.view.state);
        assert_string_equal("", out.data);
        assert_true(uuid_equal(record.view.about, out.view.about));
    }
}

struct claimers {
    struct saga_store *sagas;
    pthread_mutex_t lock;
    struct uuid seen[256];
    size_t n, twice;
};

static void note_claimed(struct claimers *all, struct uuid id)
{
    pthread_mutex_lock(&all->lock);
    for (size_t i = 0; i < all->n; i++)
        all->twice += uuid_equal(all->seen[i], id);
    if (all->n < ARRAY_LEN(all->seen))
        all->seen[all->n++] = id;
    pthread_mutex_unlock(&all->lock);
}

static void claim_all(void *arg, int thread)
{
    struct claimers *all = arg;
    struct saga_record *due = mem_alloc(5, sizeof(*due));
    struct call call = test_call();
    int idle = 0;

    (void)thread;
    while (idle <
           3) { /* what another has locked is skipped, so nothing found once is not the end */
        size_t n = 0;
        enum status st = all->sagas->ops->claim(all->sagas, &call, LONG_MS, 5, due, &n);
        idle = st == ST_OK && n == 0 ? idle + 1 : 0;
        for (size_t i = 0; i < n; i++)
            note_claimed(all, due[i].view.id);
    }
    free(due);
}

static void two_claimers_never_share_a_saga(void **state)
{
    struct saga_world *world = *state;
    struct claimers all = {.sagas = world->sagas, .lock = PTHREAD_MUTEX_INITIALIZER};
    struct uuid ids[60];

    for (size_t i = 0; i < ARRAY_LEN(ids); i++)
        ids[i] = saga_row_stored(world, 0).view.id;
    test_race(4, claim_all, &all);
    assert_int_equal(0, all.twice);
    for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
        struct saga_record record = saga_row_found(world, ids[i]);
        assert_int_equal(2, record.version); /* each was taken, once */
        saga_row_end(world, &record);
    }
}

static void the_census_counts_by_state_and_dates_the_oldest_open(void **state)
{
    struct saga_world *world = *state;
    struct saga_census before, after;
    struct call call = test_call();
    struct saga_record open = saga_row_stored(world, LONG_MS),
                       over = saga_row_stored(world, LONG_MS);

    assert_status(ST_OK, world->sagas->ops->census(world->sagas, &call, &before));
    over.view.state = SAGA_COMPENSATED;
    assert_status(ST_OK, update(world, &over, 0));
    open.view.state = SAGA_PROCESSING;
    assert_status(ST_OK, update(world, &open, LONG_MS));
    assert_status(ST_OK, world->sagas->ops->census(world->sagas, &call, &after));
    assert_int_equal(before.count[SAGA_STARTED] - 2, after.count[SAGA_STARTED]);
    assert_int_equal(before.count[SAGA_PROCESSING] + 1, after.count[SAGA_PROCESSING]);
    assert_int_equal(before.count[SAGA_COMPENSATED] + 1, after.count[SAGA_COMPENSATED]);
    assert_true(after.oldest_open_ms >= before.oldest_open_ms);
    saga_row_end(world, &open);
}

static bool listed(struct saga_world *world, const struct saga_filter *filter, struct uuid id,
                   struct saga_record *out)
{
    struct saga_record *rows = mem_alloc(CLAIM_MAX, sizeof(*rows));
    struct call call = test_call();
    bool is_in = false;
    size_t n = 0;

    assert_status(ST_OK, world->sagas->ops->list(world->sagas, &call, filter, CLAIM_MAX, rows, &n));
    for (size_t i = 0; i < n; i++) {
        assert_string_equal("", rows[i].data);
        if (i > 0 && !filter->ended)
            assert_true(rows[i - 1].due_ms <= rows[i].due_ms + 1); /* looked at one by one */
        if (!uuid_equal(rows[i].view.id, id))
            continue;
        is_in = true;
        *out = rows[i];
    }
    free(rows);
    return is_in;
}

static void what_people_look_for_is_listed(void **state)
{
    struct saga_world *world = *state;
    struct saga_record soon = saga_row_stored(world, 1000), late = saga_row_stored(world, LONG_MS),
                       out;
    struct saga_filter open = {.ended = false}, ended = {.ended = true};
    struct call call = test_call();
    size_t n = 0;

    assert_true(listed(world, &open, late.view.id, &out));
    assert_in_range(out.due_ms, LONG_MS / 2, LONG_MS);
    assert_string_equal("signup", out.type);
    assert_true(listed(world, &open, soon.view.id, &out));
    assert_status(ST_OK, world->sagas->ops->list(world->sagas, &call, &open, 1, &out, &n));
    assert_int_equal(1, n);
    open.older_ms = LONG_MS;
    assert_false(listed(world, &open, soon.view.id, &out));
    open = (struct saga_filter){.type = "booking"};
    assert_false(listed(world, &open, soon.view.id, &out));
    open = (struct saga_filter){.state = "STARTED", .type = "signup"};
    assert_true(listed(world, &open, soon.view.id, &out));
    saga_row_end(world, &soon);
    assert_false(listed(world, &open, soon.view.id, &out));
    assert_true(listed(world, &ended, soon.view.id, &out));
    ended.state = "COMPENSATED";
    assert_false(listed(world, &ended, soon.view.id, &out));
    saga_row_end(world, &late);
}

static void purge_deletes_old_ended_sagas_up_to_max(void **state)
{
    struct saga_world *world = *state;
    struct saga_store *sagas = world->sagas;
    struct saga_record open = saga_row_stored(world, LONG_MS);
    struct call call = test_call();
    struct saga_record out;
    size_t n = 99, gone = 0;

    for (int i = 0; i < 3; i++) {
        out = saga_row_stored(world, LONG_MS);
        saga_row_end(world, &out);
    }
    assert_status(ST_OK, sagas->ops->purge(sagas, &call, 3600, 100, &n));
    assert_int_equal(0, n);
    assert_status(ST_OK, sagas->ops->purge(sagas, &call, -3600, 2, &n)); /* all but what is open */
    assert_int_equal(2, n);
    for (n = 1; n > 0; gone += n)
        assert_status(ST_OK, sagas->ops->purge(sagas, &call, -3600, 100, &n));
    assert_true(gone > 0);
    assert_status(ST_NOT_FOUND, sagas->ops->find(sagas, &call, out.view.id, &out));
    saga_row_end(world, &open);
}

int saga_store_contract(struct saga_world *world)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(what_was_inserted_is_found, world),
        cmocka_unit_test_prestate(an_id_is_known_once_and_nothing_is_found_of_what_was_rolled_back,
                                  world),
        cmocka_unit_test_prestate(an_update_writes_all_and_raises_the_version, world),
        cmocka_unit_test_prestate(a_writer_with_an_old_fence_is_refused, world),
        cmocka_unit_test_prestate(only_what_is_due_is_claimed_and_for_the_lease_by_one, world),
        cmocka_unit_test_prestate(what_a_dead_owner_held_comes_due_again, world),
        cmocka_unit_test_prestate(an_ended_saga_is_never_due_and_keeps_no_data, world),
        cmocka_unit_test_prestate(two_claimers_never_share_a_saga, world),
        cmocka_unit_test_prestate(the_census_counts_by_state_and_dates_the_oldest_open, world),
        cmocka_unit_test_prestate(what_people_look_for_is_listed, world),
        cmocka_unit_test_prestate(purge_deletes_old_ended_sagas_up_to_max, world),
    };

    return cmocka_run_group_tests_name("saga store", tests, NULL, NULL);
}

void saga_world_fini(struct saga_world *world)
{
    world->sagas->ops->destroy(world->sagas);
    world->transactor->ops->destroy(world->transactor);
}
