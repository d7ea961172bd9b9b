/* capacity_expiry.c - holds whose time is over, over any storage: who is asked, and what is let go.
 */
#include <poll.h>

#include "protocol/order.h"
#include "test/usecase/capacity/capacity_world.h"
#include "tool/core/mem.h"
#include "tool/metrics/metrics.h"
#include "tool/remote/memory/remote_memory.h"
#include "usecase/capacity/hold_expiry.h"

enum { PATIENCE_MS = 120000, LATE_MS = 120000, LONG_MS = 3600 * 1000, SHORT_MS = 20, BATCH = 64 };

/* The owner of one hold. */
struct owner {
    struct remote_memory base;
    struct capacity_world *w;
    struct asking hold;
    enum status st; /* of the answer; of any but ST_OK there is none */
    enum hold_wish wish;
    bool commits; /* while he is asked */
    int asked, told;
};

static enum status ask(void *self, const struct call *call, const void *in, void *out)
{
    struct owner *owner = self;
    const struct hold_question *question = in;

    (void)call;
    assert_true(uuid_equal(question->hold_id, owner->hold.hold_id));
    assert_true(uuid_equal(question->order_id, owner->hold.owner_id));
    owner->asked++;
    owner->hold.action = HOLD_COMMIT;
    if (owner->commits)
        assert_status(ST_OK, ask_move(&owner->hold));
    ((struct hold_answer *)out)->answer = (int)owner->wish;
    return owner->st;
}

static const struct remote_answer ANSWERS[] = {
    {&ORDER_HOLD_CHECK, ask},
};
static const struct remote_row ROW = {&ORDER_HOLD_CHECK, sizeof(struct hold_question),
                                      sizeof(struct hold_answer), false};

static enum status told(void *arg, struct transaction *tx, const struct call *call,
                        const struct hold *hold)
{
    struct owner *owner = arg;

    (void)call;
    assert_non_null(tx);
    assert_true(uuid_equal(hold->owner_id, owner->hold.owner_id));
    assert_int_equal(hold->state, HOLD_RELEASED);
    owner->told++;
    return ST_OK;
}

/* With a hold of two whose time was over so long ago, 0: is not yet. */
static struct uuid owner_init(struct owner *owner, struct capacity_world *w, int64_t late_ms)
{
    struct uuid slot = slot_new(w, 5);
    struct capacity_want wanted = {0, slot, 2, 1};

    *owner = (struct owner){.w = w};
    remote_memory_init(&owner->base, ANSWERS, ARRAY_LEN(ANSWERS), owner);
    owner->hold = (struct asking){.instance = &w->instances[0],
                                  .hold_id = test_uuid(),
                                  .owner_id = test_uuid(),
                                  .wants = &wanted,
                                  .n_wants = 1,
                                  .late_ms = late_ms};
    assert_status(ST_OK, ask_take(&owner->hold));
    return slot;
}

/* Runs a sweeper until the owner was asked so many times; the holds that are overdue then. */
static int64_t sweep(struct owner *owner, int64_t lease_ms, int times)
{
    struct instance *instance = &owner->w->instances[0];
    struct hold_expiry expiry = {&instance->capacity, &owner->base.base, &ROW, told, owner};
    struct metrics *metrics = metrics_create();
    struct call call = test_call();
    int64_t until_ms = clock_now_ms(&CLOCK_SYSTEM) + PATIENCE_MS, overdue;
    struct sweeper sweeper;

    sweeper_init(&sweeper, &(struct sweeper_config){.name = "hold",
                                                    .rows = instance->overdue,
                                                    .transactor = instance->transactor,
                                                    .ask = hold_expiry_ask,
                                                    .act = hold_expiry_act,
                                                    .arg = &expiry,
                                                    .batch = BATCH,
                                                    .lease_ms = lease_ms,
                                                    .ask_ms = 1000,
                                                    .grace_ms = 60000,
                                                    .metrics = metrics});
    do {
        assert_true(clock_now_ms(&CLOCK_SYSTEM) < until_ms);
        assert_status(ST_OK, sweeper_run(&sweeper, &(struct job_run){.call = &call}));
        poll(NULL, 0, owner->asked < times ? 5 : 0);
    } while (owner->asked < times);
    overdue = metric_value(metrics_gauge(metrics, "hanok_sweep_overdue", "", "sweep=\"hold\""));
    metrics_destroy(metrics);
    return overdue;
}

static void what_is_unwanted_is_let_go_and_that_is_told_once(void **state)
{
    struct owner owner;
    struct uuid slot = owner_init(&owner, *state, LATE_MS);

    owner.wish = HOLD_UNWANTED;
    for (int i = 0; i < 2; i++)
        assert_int_equal(sweep(&owner, LONG_MS, 1), 0);
    assert_true(owner.asked == 1 && owner.told == 1);
    assert_slot(*state, slot, 0, 0);
}

static void what_is_not_over_is_not_asked_for(void **state)
{
    struct owner owner;
    struct uuid slot = owner_init(&owner, *state, 0);

    owner.wish = HOLD_UNWANTED;
    assert_int_equal(sweep(&owner, LONG_MS, 0), 0);
    assert_int_equal(owner.asked, 0);
    assert_slot(*state, slot, 2, 0);
}

static void what_is_wanted_or_without_an_answer_stays_and_is_counted(void **state)
{
    static const struct {
        enum status st;
        enum hold_wish wish;
    } cases[] = {
        {ST_OK,          HOLD_WANTED  },
        {ST_UNAVAILABLE, HOLD_UNWANTED},
        {ST_TIMEOUT,     HOLD_UNWANTED},
        {ST_NOT_FOUND,   HOLD_UNWANTED},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct owner owner;
        struct uuid slot = owner_init(&owner, *state, LATE_MS);
        owner.st = cases[i].st;
        owner.wish = cases[i].wish;
        assert_int_equal(sweep(&owner, SHORT_MS, 2), 1); /* again, when the lease is over */
        assert_slot(*state, slot, 2, 0);
        owner.hold.action = HOLD_RELEASE;
        assert_status(ST_OK, ask_move(&owner.hold));
        assert_int_equal(owner.told, 0);
    }
}

static void what_is_committed_meanwhile_is_sold(void **state)
{
    struct owner owner;
    struct uuid slot = owner_init(&owner, *state, LATE_MS);

    owner.wish = HOLD_UNWANTED;
    owner.commits = true;
    assert_int_equal(sweep(&owner, LONG_MS, 1), 0);
    assert_int_equal(owner.told, 0);
    assert_slot(*state, slot, 0, 2);
}

int capacity_expiry(struct capacity_world *w)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(what_is_unwanted_is_let_go_and_that_is_told_once, w),
        cmocka_unit_test_prestate(what_is_not_over_is_not_asked_for, w),
        cmocka_unit_test_prestate(what_is_wanted_or_without_an_answer_stays_and_is_counted, w),
        cmocka_unit_test_prestate(what_is_committed_meanwhile_is_sold, w),
    };

    return cmocka_run_group_tests_name("holds whose time is over", tests, NULL, NULL);
}
