/* profile_world_test.h - for the tests of profiles: a memory store, and changes each in a
 * transaction of its own. */
#ifndef USECASE_USER_PROFILE_WORLD_TEST_H
#define USECASE_USER_PROFILE_WORLD_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tool/outbox/memory/outbox_memory.h"
#include "protocol/user.h"
#include "tool/core/mem.h"
#include "tool/store/memory/store_memory.h"
#include "usecase/user/profile_reading.h"
#include "usecase/user/profile_registrar.h"

struct world {
    struct memdb *db;
    struct transactor *transactor;
    struct profile_registrar registrar;
    struct profile_reading reading;
    struct problem problem;
};

static inline int setup(void **state)
{
    struct world *w = MEM_NEW(struct world);

    w->db = memdb_create();
    w->transactor = memdb_transactor_create(w->db);
    w->registrar.outbox = outbox_memory_create(w->db, &CLOCK_SYSTEM, &ENTROPY_SYSTEM);
    w->registrar.profiles = w->reading.profiles = store_memory_create(w->db, &PROFILE_TABLE);
    *state = w;
    return 0;
}

static inline int teardown(void **state)
{
    struct world *w = *state;

    store_destroy(w->registrar.profiles);
    outbox_destroy(w->registrar.outbox);
    w->transactor->ops->destroy(w->transactor);
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

/* A use case with what it is given, in a transaction of its own. */
struct change {
    enum status (*fn)(void *self, struct transaction *tx, const struct call *call, const void *in,
                      void *out);
    void *self;
    const void *in;
    void *out;
};

static inline enum status run_change(struct transaction *tx, const struct call *call, void *arg)
{
    const struct change *change = arg;

    return change->fn(change->self, tx, call, change->in, change->out);
}

static inline enum status do_register(struct world *w, uint8_t user, const char *email)
{
    struct profile_registration message = {
        .person = {.name = "Name", .phone = "12345678"}
    };
    struct registry_outcome outcome = {0};
    struct call call = call_of(w);
    enum status st;

    message.user_id = (struct uuid){{user}};
    TEXT_COPY(message.person.email, email);
    st = transactor_run(w->transactor, &call, run_change,
                        &(struct change){profile_register, &w->registrar, &message, NULL});
    assert_int_equal(profile_registered(&w->registrar, &call, &message, &outcome), ST_OK);
    assert_true(uuid_equal(outcome.user_id, message.user_id));
    assert_int_equal(outcome.status, REGISTRY_REGISTERED);
    return st;
}

static inline enum status find_profile(struct world *w, uint8_t user, struct profile *out)
{
    struct call call = call_of(w);

    return store_find(w->registrar.profiles, NULL, &call, NULL, &(struct uuid){{user}}, out);
}

/* As its owner sees it. */
static inline enum status read_profile(struct world *w, uint8_t user, struct profile *out)
{
    struct call call = call_of(w);
    struct question asked = {.call = &call, .in = &(struct profile_query){{{user}}}, .out = out};

    profile_read(&w->reading, &asked, 1);
    assert_int_equal(w->problem.status, asked.st);
    return asked.st;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif
