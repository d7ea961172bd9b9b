/* user_world.h - the user service's writes over memory, by its own rows. */
#ifndef TEST_CMD_USER_USER_WORLD_H
#define TEST_CMD_USER_USER_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "test/support/user_writes.h"
#include "tool/once/memory/barrier_memory.h"
#include "tool/outbox/memory/outbox_memory.h"
#include "tool/store/memory/store_memory.h"

struct world {
    struct memdb *db;
    struct user_writes writes;
    struct problem problem;
};

static inline int setup(void **state)
{
    struct world *w = MEM_NEW(struct world);

    w->db = memdb_create();
    w->writes = (struct user_writes){
        .registrar = {store_memory_create(w->db, &PROFILE_TABLE),
                      outbox_memory_create(w->db, &CLOCK_SYSTEM, &ENTROPY_SYSTEM)},
        .barrier = barrier_memory_create(w->db, &CLOCK_SYSTEM),
        .transactor = memdb_transactor_create(w->db),
    };
    *state = w;
    return 0;
}

static inline int teardown(void **state)
{
    struct world *w = *state;

    store_destroy(w->writes.registrar.profiles);
    outbox_destroy(w->writes.registrar.outbox);
    w->writes.barrier->ops->destroy(w->writes.barrier);
    w->writes.transactor->ops->destroy(w->writes.transactor);
    memdb_destroy(w->db);
    free(w);
    return 0;
}

static inline struct call call_of(struct world *w)
{
    w->problem = (struct problem){0};
    return (struct call){.clock = &CLOCK_SYSTEM,
                         .deadline_ms = clock_now_ms(&CLOCK_SYSTEM) + 10000,
                         .problem = &w->problem};
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif
