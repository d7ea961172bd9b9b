/* sweep_fixture.h - holds with a time, in memory and in MariaDB, for the tests of sweepers. */
#ifndef TEST_TOOL_SWEEP_SWEEP_FIXTURE_H
#define TEST_TOOL_SWEEP_SWEEP_FIXTURE_H

#include "test/support/calls.h"
#include "tool/memdb/memdb.h"
#include "tool/metrics/metrics.h"
#include "tool/sweep/sweep_rows.h"

struct dbc_pool;

enum { HELD, RELEASED, COMMITTED };

struct holds {
    struct sweep_rows *rows;
    struct transactor *transactor;
    struct dbc_pool *mariadb; /* one of the two */
    struct memdb *memory;
    struct memdb_table *table;
    struct test_clock clock; /* of those in memory */
};

/* Of a cmocka group; state is the holds. */
int holds_in_memory(void **state);
int holds_in_mariadb(void **state);
int holds_gone(void **state);

/** A hold that has been due for so long; below 0: it will be. */
struct uuid hold_add(struct holds *holds, int64_t due_for_ms);
/** HELD, RELEASED or COMMITTED. */
int hold_state(struct holds *holds, struct uuid id);
/** In tx. ST_OK | ST_UNAVAILABLE */
enum status hold_set(struct holds *holds, struct transaction *tx, const struct call *call,
                     struct uuid id, int state);
/** The store's clock goes back by an hour; hold_add and what is due go with it. */
void holds_set_back(struct holds *holds);
/** No row is left. */
void holds_clear(struct holds *holds);

#endif
