/* signup_world_test.h - for the tests of signups and withdrawals: memory stores, virtual time, a
 * user service that says what it is told. */
#ifndef USECASE_AUTH_SIGNUP_WORLD_TEST_H
#define USECASE_AUTH_SIGNUP_WORLD_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/auth.h"
#include "protocol/user.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/once/memory/barrier_memory.h"
#include "tool/outbox/memory/outbox_memory.h"
#include "tool/remote/memory/remote_memory.h"
#include "tool/saga/memory/saga_store_memory.h"
#include "tool/saga/saga_engine.h"
#include "tool/store/memory/store_memory.h"
#include "usecase/auth/signup.h"
#include "usecase/auth/withdrawal.h"

struct world {
    struct clock clock;
    int64_t now_ms;
    struct memdb *db;
    struct transactor *transactor;
    struct saga_store *store;
    struct remote_memory others;
    enum status answer;  /* of the user service */
    enum status erasing; /* its answer to that */
    struct profile_registration registered;
    size_t cancelled, hidden, shown, erased; /* how often it was asked to */
    struct signup signup;
    struct sessions sessions;
    struct withdrawal withdrawal;
    struct identities identities;
    struct problem problem;
};

static int64_t now_ms(const struct clock *clock)
{
    return container_of(clock, struct world, clock)->now_ms;
}

static int64_t wall_us(const struct clock *clock)
{
    return 1767225600000000 + now_ms(clock) * 1000;
}

static enum status register_profile(void *self, const struct call *call, const void *in, void *out)
{
    struct world *w = self;

    (void)out;
    w->registered = *(const struct profile_registration *)in;
    return w->answer == ST_CONFLICT ? call_fail(call, ST_CONFLICT, "email_taken", "no") : w->answer;
}

static enum status cancel_profile(void *self, const struct call *call, const void *in, void *out)
{
    (void)call;
    (void)in;
    (void)out;
    ((struct world *)self)->cancelled++;
    return ST_OK;
}

static enum status hide_profile(void *self, const struct call *call, const void *in, void *out)
{
    struct world *w = self;

    (void)in;
    (void)out;
    w->hidden++;
    return w->answer == ST_CONFLICT ? call_fail(call, ST_CONFLICT, "withdrawal_pending", "no")
                                    : w->answer;
}

static enum status show_profile(void *self, const struct call *call, const void *in, void *out)
{
    (void)call;
    (void)in;
    (void)out;
    ((struct world *)self)->shown++;
    return ST_OK;
}

static enum status erase_profile(void *self, const struct call *call, const void *in, void *out)
{
    struct world *w = self;

    (void)call;
    (void)in;
    (void)out;
    w->erased++;
    return w->erasing;
}

static const struct remote_answer OTHERS[] = {
    {&USER_REGISTRY,        register_profile},
    {&USER_REGISTRY_CANCEL, cancel_profile  },
    {&USER_REMOVE,          hide_profile    },
    {&USER_REMOVE_CANCEL,   show_profile    },
    {&USER_ERASE,           erase_profile   },
};

static int setup(void **state)
{
    struct world *w = MEM_NEW(struct world);

    log_set_fd(-1);
    w->clock = (struct clock){now_ms, wall_us};
    w->db = memdb_create();
    w->transactor = memdb_transactor_create(w->db);
    w->store = saga_store_memory_create(w->db, &w->clock);
    remote_memory_init(&w->others, OTHERS, ARRAY_LEN(OTHERS), w);
    w->signup = (struct signup){
        .accounts = store_memory_create(w->db, &ACCOUNT_TABLE),
        .remote = &w->others.base,
        .barrier = barrier_memory_create(w->db, &w->clock),
        .outbox = outbox_memory_create(w->db, &w->clock, &ENTROPY_SYSTEM),
        .sagas = saga_engine_create(&(struct saga_engine_config){
            .transactor = w->transactor,
            .store = w->store,
            .clock = &w->clock,
            .entropy = &ENTROPY_SYSTEM,
        }),
        .hasher = fake_hasher_create(),
        .clock = &w->clock,
        .entropy = &ENTROPY_SYSTEM,
    };
    w->sessions = (struct sessions){
        .accounts = w->signup.accounts,
        .sessions = store_memory_create(w->db, &SESSION_TABLE),
        .transactor = w->transactor,
        .outbox = w->signup.outbox,
        .entropy = &ENTROPY_SYSTEM,
        .limits = {.max = 3, .idle_s = 6400, .lifetime_s = 10000},
    };
    w->identities = (struct identities){store_memory_create(w->db, &IDENTITY_TABLE), &w->clock,
                                        &ENTROPY_SYSTEM};
    w->withdrawal = (struct withdrawal){
        .accounts = w->signup.accounts,
        .remote = &w->others.base,
        .barrier = w->signup.barrier,
        .outbox = w->signup.outbox,
        .sessions = &w->sessions,
        .identities = &w->identities,
        .sagas = w->signup.sagas,
        .clock = &w->clock,
        .entropy = &ENTROPY_SYSTEM,
    };
    saga_engine_add(w->signup.sagas, &SIGNUP_SAGA, &w->signup);
    saga_engine_add(w->signup.sagas, &WITHDRAWAL_SAGA, &w->withdrawal);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;

    saga_engine_destroy(w->signup.sagas);
    store_destroy(w->signup.accounts);
    store_destroy(w->sessions.sessions);
    store_destroy(w->identities.store);
    outbox_destroy(w->signup.outbox);
    w->signup.barrier->ops->destroy(w->signup.barrier);
    w->signup.hasher->ops->destroy(w->signup.hasher);
    w->store->ops->destroy(w->store);
    w->transactor->ops->destroy(w->transactor);
    memdb_destroy(w->db);
    free(w);
    return 0;
}

static struct call call_with(struct world *w, const char *key)
{
    struct call call = {
        .clock = &w->clock, .deadline_ms = w->now_ms + 1000, .problem = &w->problem};

    w->problem = (struct problem){0};
    TEXT_COPY(call.idempotency_key, key);
    return call;
}

static const struct signup_form ALICE = {
    "alice", "correct horse battery", {"Alice", "alice@example.org", "+821012345678"}
};

/* OpenAPI knows every refusal. */
static enum status declared(const struct world *w, enum status st)
{
    if (st != ST_OK && st != ST_PENDING)
        assert_true(operation_declares(&AUTH_SIGNUP, st, w->problem.code));
    return st;
}

static enum status sign_up(struct world *w, const struct signup_form *form, const char *key,
                           struct signup_accepted *out)
{
    struct call call = call_with(w, key);

    *out = (struct signup_accepted){0};
    return declared(w, signup_accept(&w->signup, &call, form, out));
}

/* As the skeleton asks for it. */
static inline enum status outcome(struct world *w, struct signup_accepted *accepted)
{
    struct call call = call_with(w, "");
    struct saga_view view;
    enum status st = saga_find(w->signup.sagas, &call, accepted->saga_id, &view);

    if (st == ST_OK && view.state != SAGA_SUCCEEDED && view.state != SAGA_COMPENSATED)
        return ST_PENDING;
    st = signup_outcome(&w->signup, &call, st == ST_OK ? &view : NULL, accepted);
    return declared(w, st);
}

static inline enum status find_account(struct world *w, struct uuid id, struct account *out)
{
    struct call call = call_with(w, "");

    return store_find(w->signup.accounts, NULL, &call, NULL, &id, out);
}

static void run_for(struct world *w, int64_t ms)
{
    for (int64_t until_ms = w->now_ms + ms;; w->now_ms += 200) {
        struct call call = call_with(w, "");
        saga_engine_poll(w->signup.sagas, &call);
        if (w->now_ms >= until_ms)
            return;
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif
