/* transactor_group_test.c - who shares a commit, and what of it: over a transactor that only
 * counts. */
#include "tool/core/transactor_group.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>

#include <cmocka.h>

#include "tool/core/mem.h"

enum { MANY = TRANSACTOR_GROUP_MAX, FOR_EVER_MS = 60000, HOURS_MS = 36000000 };

struct transaction {
    int bodies; /* of it */
};

/* What stands below the group. */
struct counting {
    struct transactor base;
    enum status ends;    /* every commit */
    atomic_int runs;     /* of transactions, whatever came of them */
    atomic_int commits;  /* with ST_OK of all bodies */
    atomic_int together; /* the most bodies in one */
};

static enum status run_counted(struct transactor *base, const struct call *call,
                               transaction_fn body, void *arg)
{
    struct counting *c = container_of(base, struct counting, base);
    struct transaction tx = {0};
    enum status st = body(&tx, call, arg);

    c->runs++;
    if (st != ST_OK)
        return st;
    c->commits++;
    if (tx.bodies > c->together)
        c->together = tx.bodies;
    return c->ends;
}

static const struct transactor_ops COUNTING = {.run = run_counted};

struct member {
    struct transactor *group;
    pthread_t thread;
    enum status says, got;
    int done; /* in its last run */
};

static enum status body(struct transaction *tx, const struct call *call, void *arg)
{
    struct member *m = arg;

    (void)call;
    tx->bodies++;
    m->done = 1;
    return m->says;
}

static void *come(void *arg)
{
    struct member *m = arg;
    struct call call = {.clock = &CLOCK_SYSTEM,
                        .deadline_ms = clock_now_ms(&CLOCK_SYSTEM) + FOR_EVER_MS};

    m->got = transactor_run(m->group, &call, body, m);
    return NULL;
}

struct world {
    struct counting below;
    struct transactor_company company;
    struct transactor *group;
    struct member members[MANY];
};

static int set_up(void **state, bool is_known)
{
    struct world *w = MEM_NEW(struct world);

    w->below.base.ops = &COUNTING;
    w->group = transactor_group_create(&w->below.base, is_known ? HOURS_MS : FOR_EVER_MS,
                                       is_known ? &w->company : NULL);
    for (size_t i = 0; i < MANY; i++)
        w->members[i] = (struct member){.group = w->group, .says = ST_OK, .got = ST_INTERNAL};
    *state = w;
    return 0;
}

static int setup(void **state)
{
    return set_up(state, false);
}

static int setup_known(void **state)
{
    return set_up(state, true);
}

static int teardown(void **state)
{
    struct world *w = *state;

    w->group->ops->destroy(w->group);
    free(w);
    return 0;
}

/* So many that the next ones are waited for. */
static void make_busy(struct world *w)
{
    struct member m = {.group = w->group, .says = ST_OK};

    for (int i = 0; i < TRANSACTOR_GROUP_COMPANY; i++)
        come(&m);
    w->below.runs = w->below.commits = w->below.together = 0;
}

static void start(struct world *w, size_t i)
{
    assert_int_equal(pthread_create(&w->members[i].thread, NULL, come, &w->members[i]), 0);
}

static void join(struct world *w, size_t n)
{
    for (size_t i = 0; i < n; i++)
        pthread_join(w->members[i].thread, NULL);
}

/* Exactly as many as make a group, so that nobody waits for the patience to be over. */
static void come_all(struct world *w)
{
    for (size_t i = 0; i < MANY; i++)
        start(w, i);
    join(w, MANY);
}

static void while_few_come_each_goes_at_once(void **state)
{
    struct world *w = *state;

    /* If one waited for company it would wait for a minute. */
    for (int i = 0; i < TRANSACTOR_GROUP_COMPANY; i++) {
        come(&w->members[i]);
        assert_int_equal(w->members[i].got, ST_OK);
        assert_int_equal(w->below.commits, i + 1);
    }
    assert_int_equal(w->below.together, 1);
}

static void many_share_one_commit(void **state)
{
    struct world *w = *state;

    make_busy(w);
    come_all(w);
    for (size_t i = 0; i < MANY; i++)
        assert_int_equal(w->members[i].got, ST_OK);
    assert_int_equal(w->below.commits, 1);
    assert_int_equal(w->below.together, MANY);
}

static void one_that_refuses_is_alone_with_it(void **state)
{
    struct world *w = *state;

    make_busy(w);
    w->members[5].says = ST_CONFLICT;
    come_all(w);
    for (size_t i = 0; i < MANY; i++)
        assert_int_equal(w->members[i].got, i == 5 ? ST_CONFLICT : ST_OK);
    assert_int_equal(w->below.commits, MANY - 1);
    assert_int_equal(w->below.runs, 1 + MANY);
    assert_int_equal(w->below.together, 1);
}

static void what_becomes_of_the_commit_is_told_to_all(void **state)
{
    static const enum status ENDS[] = {ST_UNCERTAIN, ST_UNAVAILABLE};
    struct world *w = *state;

    make_busy(w);
    for (size_t k = 0; k < ARRAY_LEN(ENDS); k++) {
        w->below.runs = 0;
        w->below.ends = ENDS[k];
        come_all(w);
        for (size_t i = 0; i < MANY; i++)
            assert_int_equal(w->members[i].got, ENDS[k]);
        assert_int_equal(w->below.runs, 1); /* an uncertain one is not done twice */
    }
}

static void nobody_waits_longer_than_the_first_has_time(void **state)
{
    struct world *w = *state;
    struct member *m = &w->members[0];
    struct call call = {.clock = &CLOCK_SYSTEM, .deadline_ms = clock_now_ms(&CLOCK_SYSTEM) + 50};

    make_busy(w);
    assert_int_equal(transactor_run(w->group, &call, body, m), ST_OK); /* nobody else comes */
    assert_true(clock_now_ms(&CLOCK_SYSTEM) < call.deadline_ms + FOR_EVER_MS / 2);
}

/* As in a pool of which all are here already: the next ones come once these are done. */
static void who_does_not_come_is_not_waited_for(void **state)
{
    enum { FEW = TRANSACTOR_GROUP_MAX / 2 };
    struct world *w = *state;
    int64_t from_ms;

    make_busy(w);
    from_ms = clock_now_ms(&CLOCK_SYSTEM);
    for (size_t i = 0; i < FEW; i++)
        start(w, i);
    join(w, FEW);
    for (size_t i = 0; i < FEW; i++)
        assert_int_equal(w->members[i].got, ST_OK);
    assert_true(w->below.together > 1);
    assert_true(clock_now_ms(&CLOCK_SYSTEM) < from_ms + FOR_EVER_MS);
}

/* Who waits for somebody who does not come does so for a minute, which is all the time they have.
 */
static void come_together(struct world *w, size_t n, bool one_turns_back)
{
    int64_t from_ms = clock_now_ms(&CLOCK_SYSTEM);

    for (size_t i = 0; i + 1 < n; i++)
        start(w, i);
    if (one_turns_back)
        w->company.under_way--;
    start(w, n - 1);
    join(w, n);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(w->members[i].got, ST_OK);
    assert_true(clock_now_ms(&CLOCK_SYSTEM) < from_ms + FOR_EVER_MS);
}

static void when_too_few_are_on_the_way_nobody_waits(void **state)
{
    static const struct {
        const char *why;
        unsigned under_way, enough;
        bool turns_back;
        int come;
    } cases[] = {
        {"he is alone",                         1, 1, false, 1},
        {"all are here",                        4, 1, false, 4},
        {"one is on the way, that is no group", 4, 2, false, 3},
        {"the last one turns back",             4, 1, true,  3},
        {"who was not counted comes",           0, 1, false, 1},
    };
    struct world *w = *state;

    make_busy(w);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        w->below.commits = w->below.together = 0;
        w->company.under_way = cases[i].under_way;
        w->company.enough = cases[i].enough;
        come_together(w, (size_t)cases[i].come, cases[i].turns_back);
        if (w->below.commits != 1 || w->below.together != cases[i].come)
            fail_msg("%s: %d commits, %d together", cases[i].why, w->below.commits,
                     w->below.together);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(while_few_come_each_goes_at_once, setup, teardown),
        cmocka_unit_test_setup_teardown(many_share_one_commit, setup, teardown),
        cmocka_unit_test_setup_teardown(one_that_refuses_is_alone_with_it, setup, teardown),
        cmocka_unit_test_setup_teardown(what_becomes_of_the_commit_is_told_to_all, setup, teardown),
        cmocka_unit_test_setup_teardown(nobody_waits_longer_than_the_first_has_time, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(who_does_not_come_is_not_waited_for, setup, teardown),
        cmocka_unit_test_setup_teardown(when_too_few_are_on_the_way_nobody_waits, setup_known,
                                        teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
