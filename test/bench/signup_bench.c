/* signup_bench.c - what a signup writes, without hashing and without a bus: its three commits with
 * their outbox rows as our stores, sagas, barrier and outbox write them, over the same by plain C
 * (plain_signup.h), each in THREADS threads over as many connections to either schema of one
 * MariaDB, in turns for SECONDS each. One line of JSON on standard output.
 * usage: signup_bench SECONDS */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dataservice/auth/account_store.h"
#include "dataservice/user/profile_store.h"
#include "protocol/auth.h"
#include "protocol/user.h"
#include "test/bench/took.h"
#include "test/bench/plain_signup.h"
#include "test/support/calls.h"
#include "tool/core/assert.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/dbc/transactor.h"
#include "tool/once/mysql/barrier_mysql.h"
#include "tool/outbox/mysql/outbox_mysql.h"
#include "tool/saga/mysql/saga_store_mysql.h"
#include "tool/store/mysql/store_mysql.h"

enum { THREADS = 8, ROUNDS = 3 };

static const char *const OPTIONS[] = {"--innodb-buffer-pool-size=256M",
                                      "--innodb-log-file-size=256M", NULL};

/* A service's side of the database. */
struct side {
    struct dbc_pool *pool;
    struct transactor *transactor;
    struct outbox *outbox;
    struct store *rows;
};

static struct mariadb_server server;
static struct side auth, user;
static struct saga_store *sagas;
static struct barrier *barrier;
static _Atomic int64_t until_ms;
static atomic_long done;

/* One that is under way. */
struct signing {
    struct account account;
    struct profile profile;
    struct saga_record saga;
};

static enum status begin(struct transaction *tx, const struct call *call, void *arg)
{
    struct signing *s = arg;
    enum status st = store_insert(auth.rows, tx, call, &s->account, NULL);

    if (st == ST_OK)
        st = event_say(auth.outbox, tx, call, &AUTH_ACCOUNT_CREATED,
                       &(struct account_event){s->account.id});
    return st == ST_OK ? sagas->ops->insert(sagas, tx, call, &s->saga, 10000) : st;
}

static enum status take_part(struct transaction *tx, const struct call *call, void *arg)
{
    struct signing *s = arg;
    char key[UUID_TEXT_LEN + 1], seen[BARRIER_OUTCOME_MAX + 1];
    enum status st =
        barrier->ops->enter(barrier, tx, call, "user.registry", uuid_text(s->saga.view.id, key),
                            "{\"status\":\"REGISTERED\"}", seen);

    if (st == ST_OK)
        st = store_insert(user.rows, tx, call, &s->profile, NULL);
    return st == ST_OK ? event_say(user.outbox, tx, call, &USER_PROFILE_REGISTERED,
                                   &(struct profile_event){s->account.id})
                       : st;
}

static enum status end(struct transaction *tx, const struct call *call, void *arg)
{
    struct signing *s = arg;
    enum status st;

    s->saga.view.state = SAGA_SUCCEEDED;
    st = sagas->ops->update(sagas, tx, call, &s->saga, 0);
    if (st == ST_OK)
        st = store_turn(auth.rows, tx, call, &s->account.id, "status",
                        &(enum account_status){ACCOUNT_SIGNUP_PENDING},
                        &(enum account_status){ACCOUNT_ACTIVE});
    return st == ST_OK ? event_say(auth.outbox, tx, call, &AUTH_ACCOUNT_ACTIVATED,
                                   &(struct account_event){s->account.id})
                       : st;
}

static void fill(struct signing *s, const char *name)
{
    memset(s, 0, sizeof(*s));
    s->account.id = s->profile.user_id = s->saga.view.about = test_uuid();
    s->saga.view.id = test_uuid();
    s->saga.view.state = SAGA_PROCESSING;
    s->saga.remaining_ms = 30000;
    TEXT_COPY(s->account.login_id, name);
    TEXT_COPY(s->account.password_hash, "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA");
    TEXT_COPY(s->profile.person.name, "Bench");
    TEXT_COPY(s->profile.person.email, name);
    TEXT_COPY(s->profile.person.phone, "+821012345678");
    TEXT_COPY(s->saga.type, "signup");
    TEXT_COPY(s->saga.view.step, "register_profile");
    TEXT_COPY(s->saga.data, "{\"name\":\"Bench\",\"email\":\"bench@example.org\","
                            "\"phone\":\"+821012345678\"}");
}

static void sign_up(void *arg, int i)
{
    struct signing *s = MEM_NEW(struct signing);
    char name[32];

    (void)arg;
    (void)i;
    while (clock_now_ms(&CLOCK_SYSTEM) < until_ms) {
        struct call call = test_call();
        fill(s, test_name("ours", name, sizeof(name)));
        call.saga_id = s->saga.view.id;
        ASSERT(transactor_run(auth.transactor, &call, begin, s) == ST_OK);
        ASSERT(transactor_run(user.transactor, &call, take_part, s) == ST_OK);
        ASSERT(transactor_run(auth.transactor, &call, end, s) == ST_OK);
        done++;
    }
    free(s);
}

static void sign_up_plainly(void *arg, int i)
{
    struct plain_signup *plain = ((struct plain_signup **)arg)[i];
    char name[32];

    while (clock_now_ms(&CLOCK_SYSTEM) < until_ms) {
        struct uuid events[3] = {test_uuid(), test_uuid(), test_uuid()};
        plain_signup_run(plain, test_uuid(), test_uuid(), events,
                         test_name("plain", name, sizeof(name)));
        done++;
    }
}

static double measure(void (*fn)(void *arg, int i), void *arg, double seconds)
{
    int64_t from_ms = clock_now_ms(&CLOCK_SYSTEM);

    until_ms = from_ms + (int64_t)(seconds * 1000);
    done = 0;
    test_race(THREADS, fn, arg);
    return (double)done * 1000 / (double)(clock_now_ms(&CLOCK_SYSTEM) - from_ms);
}

static double median(double all[ROUNDS])
{
    took_sort(all, ROUNDS);
    return all[ROUNDS / 2];
}

static void measure_both(double seconds)
{
    struct plain_signup *plain[THREADS];
    double ours[ROUNDS], plainly[ROUNDS];

    for (int i = 0; i < THREADS; i++)
        plain[i] = plain_signup_open(&server);
    measure(sign_up, NULL, 0.2);
    measure(sign_up_plainly, plain, 0.2);
    for (int i = 0; i < ROUNDS; i++) {
        ours[i] = measure(sign_up, NULL, seconds);
        plainly[i] = measure(sign_up_plainly, plain, seconds);
    }
    for (int i = 0; i < THREADS; i++)
        plain_signup_close(plain[i]);
    printf("{\"ours\": %.0f, \"plain\": %.0f, \"ratio\": %.2f}\n", median(ours), median(plainly),
           median(ours) / median(plainly));
}

static void open_side(struct side *side, const char *schema, const struct table *table)
{
    struct dbc_config config = mariadb_server_config(&server, schema, THREADS);

    side->pool = dbc_pool_create(&config, &CLOCK_SYSTEM);
    side->transactor = dbc_transactor_create(side->pool);
    side->outbox = outbox_mysql_create(side->pool, &ENTROPY_SYSTEM, NULL, NULL);
    side->rows = store_mysql_create(side->pool, table);
}

static void close_side(struct side *side)
{
    side->rows->ops->destroy(side->rows);
    outbox_destroy(side->outbox);
    side->transactor->ops->destroy(side->transactor);
    dbc_pool_destroy(side->pool);
}

int main(int argc, char **argv)
{
    double seconds = argc == 2 ? strtod(argv[1], NULL) : 0;

    if (seconds <= 0 || seconds > 60) {
        fprintf(stderr, "usage: signup_bench SECONDS\n");
        return 2;
    }
    log_set_fd(-1);
    if (!mariadb_server_init(&server, OPTIONS) ||
        !mariadb_server_schema(&server, "hanok_auth", "dataservice/migrations/auth") ||
        !mariadb_server_schema(&server, "hanok_user", "dataservice/migrations/user"))
        return 1;
    open_side(&auth, "hanok_auth", &ACCOUNT_TABLE);
    open_side(&user, "hanok_user", &PROFILE_TABLE);
    sagas = saga_store_mysql_create(auth.pool);
    barrier = barrier_mysql_create(user.pool);
    measure_both(seconds);
    sagas->ops->destroy(sagas);
    barrier->ops->destroy(barrier);
    close_side(&auth);
    close_side(&user);
    mariadb_server_fini(&server);
    return 0;
}
