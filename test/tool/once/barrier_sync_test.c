/* barrier_sync_test.c - MariaDB shows what is committed before it is on disk. What is told of a
 * message that came before is on disk: it is there after a kill. */
#include "test/support/calls.h"
#include "test/support/unsynced.h"
#include "tool/core/mem.h"
#include "tool/once/mysql/barrier_mysql.h"

struct world {
    struct unsynced base;
    struct barrier *barrier;
};

static enum status enter(struct transaction *tx, const struct call *call, void *arg)
{
    struct world *w = arg;
    char seen[BARRIER_OUTCOME_MAX + 1];

    return w->barrier->ops->enter(w->barrier, tx, call, "shop.order", "7", "done", seen);
}

static enum status find(struct world *w)
{
    struct call call = test_call();
    char outcome[BARRIER_OUTCOME_MAX + 1];

    return w->barrier->ops->find(w->barrier, &call, "shop.order", "7", outcome);
}

static void what_is_found_is_on_disk(void **state)
{
    struct world *w = *state;

    unsynced_commit(&w->base, enter, w);
    assert_status(ST_OK, find(w));
    unsynced_kill(&w->base);
    assert_status(ST_OK, find(w));
}

static int setup(void **state)
{
    struct world *w = MEM_NEW(struct world);

    *state = w;
    if (!unsynced_init(&w->base, "hanok_user", "dataservice/migrations/user"))
        return -1;
    w->barrier = barrier_mysql_create(w->base.pool);
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;

    if (w->barrier)
        w->barrier->ops->destroy(w->barrier);
    unsynced_fini(&w->base);
    free(w);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_found_is_on_disk),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
