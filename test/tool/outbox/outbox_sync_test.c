/* outbox_sync_test.c - MariaDB shows what is committed before it is on disk. What a relay may send
 * is on disk: it is there after a kill. */
#include "test/support/calls.h"
#include "test/support/unsynced.h"
#include "tool/core/mem.h"
#include "tool/outbox/mysql/outbox_mysql.h"

enum { ALL = (1 << EVENT_PARTITIONS) - 1 };

struct world {
    struct unsynced base;
    struct outbox *outbox;
    struct partition_lease *lease;
    struct uuid holder;
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

/* That of the row, or none, and that it was seen. */
static enum status sent(struct world *w, const struct outbox_row *marked,
                        const struct outbox_row *seen)
{
    struct call call = test_call();
    struct outbox_sent row = {0};

    if (marked)
        row = (struct outbox_sent){marked->seq, 7, marked->id, marked->partition};
    return w->outbox->ops->sent(w->outbox, &call, w->holder, &row, marked != NULL, seen);
}

static void hold_all(struct world *w)
{
    struct call call = test_call();
    uint32_t held;
    unsigned holders;

    assert_status(ST_OK, w->lease->ops->hold(w->lease, &call, w->holder, 600000, &held, &holders));
    assert_int_equal(ALL, held);
}

static void what_is_told_to_be_seen_is_on_disk(void **state)
{
    struct world *w = *state;
    struct outbox_row *row = MEM_NEW(struct outbox_row), *again = MEM_NEW(struct outbox_row);

    unsynced_commit(&w->base, append, w);
    assert_int_equal(pending(w, row), 1);
    assert_status(ST_OK, sent(w, NULL, row));
    unsynced_kill(&w->base);
    assert_int_equal(pending(w, again), 1);
    assert_true(uuid_equal(row->id, again->id));
    free(row);
    free(again);
}

/* The one row is there, the other never was: marking the first says nothing of the second. */
static void what_went_with_the_database_is_not_to_be_sent(void **state)
{
    struct world *w = *state;
    struct outbox_row *row = MEM_NEW(struct outbox_row), *lost = MEM_NEW(struct outbox_row);

    hold_all(w);
    assert_int_equal(pending(w, row), 1);
    assert_status(ST_OK, sent(w, row, NULL));
    unsynced_commit(&w->base, append, w);
    assert_int_equal(pending(w, lost), 1);
    unsynced_kill(&w->base);
    assert_status(ST_UNAVAILABLE, sent(w, row, lost));
    assert_status(ST_UNAVAILABLE, sent(w, NULL, lost));
    assert_int_equal(pending(w, lost), 0);
    free(row);
    free(lost);
}

static int setup(void **state)
{
    struct world *w = MEM_NEW(struct world);

    *state = w;
    if (!unsynced_init(&w->base, "hanok_auth", "dataservice/migrations/auth"))
        return -1;
    w->outbox = outbox_mysql_create(w->base.pool, &ENTROPY_SYSTEM, NULL, NULL);
    w->lease = partition_lease_mysql_create(w->base.pool);
    w->holder = test_uuid();
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;

    if (w->lease)
        w->lease->ops->destroy(w->lease);
    outbox_destroy(w->outbox);
    unsynced_fini(&w->base);
    free(w);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_told_to_be_seen_is_on_disk),
        cmocka_unit_test(what_went_with_the_database_is_not_to_be_sent),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
