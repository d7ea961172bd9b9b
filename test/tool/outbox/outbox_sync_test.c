/* outbox_sync_test.c - MariaDB shows what is committed before it is on disk. What is given to be
 * sent is on disk: it is there after a kill. */
#include "test/support/calls.h"
#include "test/support/unsynced.h"
#include "tool/core/mem.h"
#include "tool/outbox/mysql/outbox_mysql.h"

enum { ALL = (1 << EVENT_PARTITIONS) - 1 };

struct world {
    struct unsynced base;
    struct outbox *outbox;
};

static enum status append(struct transaction *tx, const struct call *call, void *arg)
{
    struct world *w = arg;
    struct uuid key = test_uuid();
    struct outbox_event event = {test_uuid(), key, event_partition(key), "shop.said", "{}"};

    return w->outbox->ops->append(w->outbox, tx, call, &event);
}

static size_t pending(struct world *w, struct outbox_row *row)
{
    struct call call = test_call();
    struct outbox_row *const at[] = {row};
    size_t n = 0;

    assert_status(ST_OK, w->outbox->ops->pending(w->outbox, &call, ALL, 1, at, &n));
    return n;
}

static void what_is_given_to_be_sent_is_on_disk(void **state)
{
    struct world *w = *state;
    struct outbox_row *row = MEM_NEW(struct outbox_row), *again = MEM_NEW(struct outbox_row);

    unsynced_commit(&w->base, append, w);
    assert_int_equal(pending(w, row), 1);
    unsynced_kill(&w->base);
    assert_int_equal(pending(w, again), 1);
    assert_true(uuid_equal(row->id, again->id));
    free(row);
    free(again);
}

static int setup(void **state)
{
    struct world *w = MEM_NEW(struct world);

    *state = w;
    if (!unsynced_init(&w->base, "hanok_auth", "dataservice/migrations/auth"))
        return -1;
    w->outbox = outbox_mysql_create(w->base.pool, &ENTROPY_SYSTEM, NULL, NULL);
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;

    if (w->outbox)
        w->outbox->ops->destroy(w->outbox);
    unsynced_fini(&w->base);
    free(w);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_given_to_be_sent_is_on_disk),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
