/* barrier_contract.c - what every barrier does. */
#include "test/tool/once/barrier_contract.h"

#include <stdatomic.h>
#include <string.h>

#include "tool/core/mem.h"

static const char CONSUMER[] = "user.registry";

/* One delivery of a message: enters, works for as long as it takes, records, ends. */
struct delivery {
    struct barrier *barrier;
    const char *key, *outcome;
    const char *record; /* NULL = leave the outcome as it is */
    void (*work)(void *arg);
    void *arg;
    enum status end;     /* of a first delivery's body */
    enum status entered; /* what enter said, the last time */
    char seen[BARRIER_OUTCOME_MAX + 1];
};

static enum status deliver_in(struct transaction *tx, const struct call *call, void *arg)
{
    struct delivery *d = arg;
    enum status st;

    d->seen[0] = '\0';
    st = d->barrier->ops->enter(d->barrier, tx, call, CONSUMER, d->key, d->outcome, d->seen);
    d->entered = st;
    if (st == ST_OK && d->work)
        d->work(d->arg);
    if ((st == ST_OK || st == ST_CONFLICT) && d->record)
        st = d->barrier->ops->record(d->barrier, tx, call, CONSUMER, d->key, d->record);
    else if (st == ST_CONFLICT)
        st = ST_OK;
    return st == ST_OK ? d->end : st;
}

static enum status deliver(struct barrier_world *world, struct delivery *d)
{
    struct call call = test_call();

    d->barrier = world->barrier;
    return transactor_run(world->transactor, &call, deliver_in, d);
}

static void expect_outcome(struct barrier_world *world, const char *key, const char *want)
{
    struct call call = test_call();
    char outcome[BARRIER_OUTCOME_MAX + 1];

    assert_status(ST_OK, world->barrier->ops->find(world->barrier, &call, CONSUMER, key, outcome));
    assert_string_equal(want, outcome);
}

static void the_second_delivery_sees_the_outcome_of_the_first(void **state)
{
    char key[32];
    struct delivery first = {.key = test_name("k", key, sizeof(key)), .outcome = "REGISTERED"};
    struct delivery second = {.key = key, .outcome = "never"};

    assert_status(ST_OK, deliver(*state, &first));
    assert_status(ST_OK, first.entered);
    assert_status(ST_OK, deliver(*state, &second));
    assert_status(ST_CONFLICT, second.entered);
    assert_string_equal("REGISTERED", second.seen);
    expect_outcome(*state, key, "REGISTERED");
}

static void a_recorded_outcome_replaces_the_one_entered_with(void **state)
{
    char key[32];
    struct delivery first = {
        .key = test_name("k", key, sizeof(key)), .outcome = "REGISTERED", .record = "email_taken"};
    struct delivery cancel = {.key = key, .outcome = "CANCELLED", .record = "CANCELLED"};
    struct delivery late = {.key = key, .outcome = "REGISTERED"};

    assert_status(ST_OK, deliver(*state, &first));
    assert_status(ST_OK, deliver(*state, &cancel));
    assert_string_equal("email_taken", cancel.seen);
    assert_status(ST_OK, deliver(*state, &late));
    assert_string_equal("CANCELLED", late.seen);
}

static void what_was_rolled_back_was_never_seen(void **state)
{
    struct barrier_world *world = *state;
    char key[32], outcome[BARRIER_OUTCOME_MAX + 1];
    struct delivery d = {
        .key = test_name("k", key, sizeof(key)), .outcome = "REGISTERED", .end = ST_UNAVAILABLE};
    struct call call = test_call();

    assert_status(ST_UNAVAILABLE, deliver(world, &d));
    assert_status(ST_NOT_FOUND,
                  world->barrier->ops->find(world->barrier, &call, CONSUMER, key, outcome));
    d.end = ST_OK;
    assert_status(ST_OK, deliver(world, &d));
    assert_status(ST_OK, d.entered);
}

static void keys_and_consumers_are_told_apart(void **state)
{
    struct barrier_world *world = *state;
    char key[32], other[32], outcome[BARRIER_OUTCOME_MAX + 1];
    struct delivery d = {.key = test_name("k", key, sizeof(key)), .outcome = "x"};
    struct call call = test_call();

    assert_status(ST_OK, deliver(world, &d));
    assert_status(ST_NOT_FOUND,
                  world->barrier->ops->find(world->barrier, &call, "auth.x", key, outcome));
    assert_status(ST_NOT_FOUND,
                  world->barrier->ops->find(world->barrier, &call, CONSUMER,
                                            test_name("k", other, sizeof(other)), outcome));
}

static void the_longest_texts_fit(void **state)
{
    char key[BARRIER_KEY_MAX + 1], outcome[BARRIER_OUTCOME_MAX + 1];
    struct delivery d = {.key = key, .outcome = outcome};

    memset(key, 'k', BARRIER_KEY_MAX);
    memset(outcome, 'o', BARRIER_OUTCOME_MAX);
    key[BARRIER_KEY_MAX] = outcome[BARRIER_OUTCOME_MAX] = '\0';
    assert_status(ST_OK, deliver(*state, &d));
    expect_outcome(*state, key, outcome);
}

struct crowd {
    struct barrier_world *world;
    char key[32];
    atomic_int inside, worked, overlapped, refused;
    char seen[TEST_THREADS_MAX][BARRIER_OUTCOME_MAX + 1];
};

/* Long enough that another would be inside too if it could. */
static void work_alone(void *arg)
{
    struct crowd *crowd = arg;

    if (++crowd->inside > 1)
        crowd->overlapped++;
    for (volatile int i = 0; i < 2000000; i++)
        ;
    crowd->worked++;
    crowd->inside--;
}

static void deliver_again(void *arg, int i)
{
    struct crowd *crowd = arg;
    struct delivery d = {
        .key = crowd->key, .outcome = "FIRST", .work = work_alone, .arg = crowd, .record = "LAST"};

    crowd->refused += deliver(crowd->world, &d) != ST_OK;
    memcpy(crowd->seen[i], d.seen, sizeof(d.seen));
}

static void a_second_delivery_waits_for_the_first(void **state)
{
    struct crowd crowd = {.world = *state};
    int first = 0;

    test_name("k", crowd.key, sizeof(crowd.key));
    test_race(8, deliver_again, &crowd);
    assert_int_equal(0, crowd.refused);
    assert_int_equal(0, crowd.overlapped);
    assert_int_equal(1, crowd.worked);
    for (int i = 0; i < 8; i++) {
        if (crowd.seen[i][0] == '\0')
            first++;
        else
            assert_string_equal("LAST", crowd.seen[i]); /* never the unfinished "FIRST" */
    }
    assert_int_equal(1, first);
}

struct several {
    struct barrier *barrier;
    struct barrier_note notes[3];
};

static enum status enter_all_in(struct transaction *tx, const struct call *call, void *arg)
{
    struct several *s = arg;

    return s->barrier->ops->enter_all(s->barrier, tx, call, CONSUMER, s->notes, 3);
}

static void several_are_noted_at_once_or_none(void **state)
{
    struct barrier_world *world = *state;
    char keys[4][32], outcome[BARRIER_OUTCOME_MAX + 1];
    struct delivery d = {.outcome = "never"};
    struct several s = {.barrier = world->barrier};
    struct call call = test_call();

    for (int i = 0; i < 4; i++)
        test_name("k", keys[i], sizeof(keys[i]));
    for (int i = 0; i < 3; i++)
        s.notes[i] = (struct barrier_note){keys[i], keys[i]};
    assert_status(ST_OK, transactor_run(world->transactor, &call, enter_all_in, &s));
    for (int i = 0; i < 3; i++) {
        expect_outcome(world, keys[i], keys[i]);
        d.key = keys[i];
        assert_status(ST_OK, deliver(world, &d));
        assert_status(ST_CONFLICT, d.entered);
    }
    s.notes[0] = (struct barrier_note){keys[3], "x"}; /* beside two that were seen */
    assert_status(ST_CONFLICT, transactor_run(world->transactor, &call, enter_all_in, &s));
    assert_status(ST_NOT_FOUND,
                  world->barrier->ops->find(world->barrier, &call, CONSUMER, keys[3], outcome));
}

static void what_is_forgotten_comes_for_the_first_time(void **state)
{
    struct barrier_world *world = *state;
    struct barrier *barrier = world->barrier;
    char key[32], other[32];
    struct delivery d = {.key = test_name("k", key, sizeof(key)), .outcome = "UNDONE"};
    struct delivery kept = {.key = test_name("k", other, sizeof(other)), .outcome = "UNDONE"};
    struct call call = test_call();

    assert_status(ST_OK, deliver(world, &d));
    assert_status(ST_OK, deliver(world, &kept));
    assert_status(ST_OK, barrier->ops->forget(barrier, &call, "auth.x", key, "UNDONE"));
    assert_status(ST_OK, barrier->ops->forget(barrier, &call, CONSUMER, key, "DONE"));
    expect_outcome(world, key, "UNDONE");
    assert_status(ST_OK, barrier->ops->forget(barrier, &call, CONSUMER, key, "UNDONE"));
    d.outcome = "DONE";
    assert_status(ST_OK, deliver(world, &d));
    assert_status(ST_OK, d.entered);
    assert_status(ST_OK, barrier->ops->forget(barrier, &call, CONSUMER, key, "UNDONE"));
    expect_outcome(world, key, "DONE");
    expect_outcome(world, other, "UNDONE");
}

static void purge_deletes_old_messages_up_to_max(void **state)
{
    struct barrier *barrier = ((struct barrier_world *)*state)->barrier;
    char key[32], outcome[BARRIER_OUTCOME_MAX + 1];
    struct delivery d = {.outcome = "x"};
    struct call call = test_call();
    size_t n = 99;

    for (int i = 0; i < 3; i++) {
        d.key = test_name("k", key, sizeof(key));
        assert_status(ST_OK, deliver(*state, &d));
    }
    assert_status(ST_OK, barrier->ops->purge(barrier, &call, 3600, 100, &n));
    assert_int_equal(0, n);
    assert_status(ST_OK, barrier->ops->purge(barrier, &call, -3600, 2, &n));
    assert_int_equal(2, n);
    while (n > 0)
        assert_status(ST_OK, barrier->ops->purge(barrier, &call, -3600, 100, &n));
    assert_status(ST_NOT_FOUND, barrier->ops->find(barrier, &call, CONSUMER, key, outcome));
}

int barrier_contract(struct barrier_world *world)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(the_second_delivery_sees_the_outcome_of_the_first, world),
        cmocka_unit_test_prestate(a_recorded_outcome_replaces_the_one_entered_with, world),
        cmocka_unit_test_prestate(what_was_rolled_back_was_never_seen, world),
        cmocka_unit_test_prestate(keys_and_consumers_are_told_apart, world),
        cmocka_unit_test_prestate(the_longest_texts_fit, world),
        cmocka_unit_test_prestate(a_second_delivery_waits_for_the_first, world),
        cmocka_unit_test_prestate(several_are_noted_at_once_or_none, world),
        cmocka_unit_test_prestate(what_is_forgotten_comes_for_the_first_time, world),
        cmocka_unit_test_prestate(purge_deletes_old_messages_up_to_max, world),
    };
    int failed = cmocka_run_group_tests_name("barrier", tests, NULL, NULL);

    world->barrier->ops->destroy(world->barrier);
    world->transactor->ops->destroy(world->transactor);
    return failed;
}
