/* auth_race_test.c - logins and password changes at once, by two instances of auth that share a
 * MariaDB as migrated: each with stores, pool and throttle of its own. */
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "protocol/user.h"
#include "test/support/calls.h"
#include "test/support/mariadb_server.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/dbc/transactor.h"
#include "tool/outbox/mysql/outbox_mysql.h"
#include "tool/remote/memory/remote_memory.h"
#include "tool/store/mysql/store_mysql.h"
#include "usecase/auth/identities.h"
#include "usecase/auth/login.h"
#include "usecase/auth/password.h"

enum { INSTANCES = 2, LIMIT = 5, CHANGES = 8 };

static const char RIGHT[] = "lantern-tide-quartz", WRONG[] = "not-the-password-1";

struct instance {
    struct dbc_pool *pool;
    struct password_hasher *hasher;
    struct token_issuer issuer;
    struct remote_memory others;
    struct throttle throttle;
    struct sessions sessions;
    struct identities identities;
    struct login login;
    struct password password;
};

struct world {
    struct instance instances[INSTANCES];
    uint8_t accounts; /* made so far */
};

static enum status issue(struct token_issuer *self, const struct call *call, struct uuid subject,
                         struct uuid session, const char *roles, char out[TOKEN_TEXT_MAX + 1],
                         int64_t *expires_in_s)
{
    (void)self;
    (void)call;
    (void)session;
    (void)roles;
    uuid_text(subject, out);
    *expires_in_s = 900;
    return ST_OK;
}

static const struct token_issuer_ops ISSUER = {issue, NULL, NULL};

static enum status find_profile(void *self, const struct call *call, const void *in, void *out)
{
    (void)self;
    (void)call;
    (void)in;
    (void)out;
    return ST_UNAVAILABLE;
}

static const struct remote_answer OTHERS[] = {
    {&USER_GET, find_profile},
};

static void instance_init(struct instance *x, const struct mariadb_server *server)
{
    struct dbc_config config = mariadb_server_config(server, "hanok_auth", 16);
    struct transactor *transactor;

    x->pool = dbc_pool_create(&config, &CLOCK_SYSTEM);
    transactor = dbc_transactor_create(x->pool);
    x->hasher = fake_hasher_create();
    x->issuer.ops = &ISSUER;
    remote_memory_init(&x->others, OTHERS, ARRAY_LEN(OTHERS), x);
    throttle_init(&x->throttle, store_mysql_create(x->pool, &ATTEMPT_TABLE), transactor, "secret",
                  NULL);
    x->sessions = (struct sessions){
        .accounts = store_mysql_create(x->pool, &ACCOUNT_TABLE),
        .sessions = store_mysql_create(x->pool, &SESSION_TABLE),
        .transactor = transactor,
        .outbox = outbox_mysql_create(x->pool, &ENTROPY_SYSTEM, NULL, NULL),
        .issuer = &x->issuer,
        .entropy = &ENTROPY_SYSTEM,
        .limits = {.max = 100, .idle_s = 3600, .lifetime_s = 36000},
    };
    x->identities = (struct identities){store_mysql_create(x->pool, &IDENTITY_TABLE), &CLOCK_SYSTEM,
                                        &ENTROPY_SYSTEM};
    x->login = (struct login){.accounts = x->sessions.accounts,
                              .transactor = x->sessions.transactor,
                              .throttle = &x->throttle,
                              .hasher = x->hasher,
                              .sessions = &x->sessions};
    x->password = (struct password){x->sessions.accounts, &x->others.base, x->hasher, &x->sessions,
                                    &x->throttle};
}

static void instance_fini(struct instance *x)
{
    store_destroy(x->throttle.attempts);
    store_destroy(x->sessions.accounts);
    store_destroy(x->sessions.sessions);
    store_destroy(x->identities.store);
    outbox_destroy(x->sessions.outbox);
    x->sessions.transactor->ops->destroy(x->sessions.transactor);
    x->hasher->ops->destroy(x->hasher);
    dbc_pool_destroy(x->pool);
}

/* A person with an account, and those who ask as him, all at once. */
struct crowd {
    struct world *w;
    struct account account;
    int right;      /* of those who log in: with the right password; -1 = nobody */
    bool all_right; /* everybody */
    int changes;    /* so many of them change the password instead */
    atomic_int count[ST_UNCERTAIN + 1];
    enum status changed[CHANGES];
};

static void crowd_init(struct crowd *c, struct world *w)
{
    struct call call = test_call();

    *c = (struct crowd){.w = w, .right = -1};
    c->account = (struct account){.id = test_uuid(), .status = ACCOUNT_ACTIVE};
    snprintf(c->account.login_id, sizeof(c->account.login_id), "person%d", ++w->accounts);
    assert_status(ST_OK, w->instances[0].hasher->ops->hash(w->instances[0].hasher, &call, RIGHT,
                                                           c->account.password_hash));
    assert_status(ST_OK,
                  store_insert(w->instances[0].sessions.accounts, NULL, &call, &c->account, NULL));
}

static void log_in(struct crowd *c, int i)
{
    struct instance *x = &c->w->instances[i % INSTANCES];
    struct problem problem = {.status = ST_OK};
    struct call call = test_call();
    struct login_granted granted = {.expires_in_s = 0};
    struct login_form form;
    enum status st;

    call.problem = &problem;
    TEXT_COPY(call.client, "192.0.2.1");
    TEXT_COPY(form.login_id, c->account.login_id);
    TEXT_COPY(form.password, c->all_right || i == c->right ? RIGHT : WRONG);
    st = login_grant(&x->login, &call, &form, &granted);
    assert_true(st == ST_OK || st == ST_UNAUTHENTICATED || st == ST_LIMITED);
    c->count[st]++;
}

static void change(struct crowd *c, int i)
{
    struct instance *x = &c->w->instances[i % INSTANCES];
    struct problem problem = {.status = ST_OK};
    struct call call = test_call();
    struct password_form form = {.user_id = c->account.id};

    call.problem = &problem;
    TEXT_COPY(form.current_password, RIGHT);
    snprintf(form.new_password, sizeof(form.new_password), "willow-ember-%d-harbour", i);
    c->changed[i] = password_change(&x->password, &call, &form, NULL);
}

static void be_one_of_a_crowd(void *arg, int i)
{
    struct crowd *c = arg;

    if (i < c->changes)
        change(c, i);
    else
        log_in(c, i);
}

static size_t sessions_of(struct crowd *c)
{
    struct call call = test_call();
    struct session *rows = mem_alloc(SESSIONS_MAX, sizeof(*rows));
    size_t n;

    assert_status(ST_OK, store_list(c->w->instances[0].sessions.sessions, NULL, &call,
                                    &(struct store_list){.where = {{"user_id", &c->account.id}}},
                                    SESSIONS_MAX, rows, &n));
    free(rows);
    return n;
}

static void of_sixty_four_guesses_at_once_five_are_told(void **state)
{
    for (int round = 0; round < 4; round++) {
        struct crowd c;
        crowd_init(&c, *state);
        test_race(TEST_RACERS_MAX, be_one_of_a_crowd, &c);
        assert_int_equal(c.count[ST_UNAUTHENTICATED], LIMIT);
        assert_int_equal(c.count[ST_LIMITED], TEST_RACERS_MAX - LIMIT);
    }
}

/* The right one among them: it comes through only before the fifth wrong one; then those are
 * forgotten, and it has begun the one session there is. */
static void the_right_one_among_them_is_told_only_in_time(void **state)
{
    for (int round = 0; round < 8; round++) {
        struct crowd c;
        crowd_init(&c, *state);
        c.right = round * 7;
        test_race(TEST_RACERS_MAX, be_one_of_a_crowd, &c);
        assert_in_range(c.count[ST_OK], 0, 1);
        assert_in_range(c.count[ST_UNAUTHENTICATED], LIMIT, c.count[ST_OK] ? 2 * LIMIT - 1 : LIMIT);
        assert_int_equal(c.count[ST_OK] + c.count[ST_UNAUTHENTICATED] + c.count[ST_LIMITED],
                         TEST_RACERS_MAX);
        assert_int_equal(sessions_of(&c), c.count[ST_OK]);
    }
}

static void right_ones_at_once_all_come_in(void **state)
{
    struct crowd c;

    crowd_init(&c, *state);
    c.all_right = true;
    test_race(TEST_RACERS_MAX, be_one_of_a_crowd, &c);
    assert_int_equal(c.count[ST_OK], TEST_RACERS_MAX);
    assert_int_equal(sessions_of(&c), TEST_RACERS_MAX);
}

/* Password changes and logins with the old one: one change wins, and no session outlives it. */
static void of_changes_at_once_one_wins_and_no_session_outlives_it(void **state)
{
    for (int round = 0; round < 8; round++) {
        struct crowd c;
        int won = 0;
        crowd_init(&c, *state);
        c.all_right = true;
        c.changes = CHANGES;
        test_race(3 * CHANGES, be_one_of_a_crowd, &c);
        for (int i = 0; i < CHANGES; i++) {
            won += c.changed[i] == ST_OK;
            assert_true(c.changed[i] == ST_OK || c.changed[i] == ST_UNAUTHENTICATED ||
                        c.changed[i] == ST_LIMITED);
        }
        assert_int_equal(won, 1);
        assert_int_equal(sessions_of(&c), 0);
    }
}

/* Who comes from outside for the first time, by many requests. */
struct newcomer {
    struct world *w;
    struct identity_query who;
    enum status st[TEST_RACERS_MAX];
    struct identity_user user[TEST_RACERS_MAX];
};

static void come(void *arg, int i)
{
    struct newcomer *c = arg;
    struct call call = test_call();

    c->st[i] =
        identity_resolve(&c->w->instances[i % INSTANCES].identities, &call, &c->who, &c->user[i]);
}

static void who_comes_many_times_at_once_is_one(void **state)
{
    for (int round = 0; round < 8; round++) {
        struct newcomer c = {.w = *state, .who = {.issuer = "https://id.example.org/"}};

        snprintf(c.who.subject, sizeof(c.who.subject), "kim%d", round);
        test_race(TEST_RACERS_MAX, come, &c);
        for (int i = 0; i < TEST_RACERS_MAX; i++) {
            assert_status(ST_OK, c.st[i]);
            assert_true(uuid_equal(c.user[i].user_id, c.user[0].user_id));
        }
    }
}

static int run(const struct mariadb_server *server)
{
    struct world *w = MEM_NEW(struct world);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(of_sixty_four_guesses_at_once_five_are_told, w),
        cmocka_unit_test_prestate(the_right_one_among_them_is_told_only_in_time, w),
        cmocka_unit_test_prestate(right_ones_at_once_all_come_in, w),
        cmocka_unit_test_prestate(of_changes_at_once_one_wins_and_no_session_outlives_it, w),
        cmocka_unit_test_prestate(who_comes_many_times_at_once_is_one, w),
    };
    int failed;

    log_set_fd(-1);
    for (int i = 0; i < INSTANCES; i++)
        instance_init(&w->instances[i], server);
    failed = cmocka_run_group_tests_name("auth at once", tests, NULL, NULL);
    for (int i = 0; i < INSTANCES; i++)
        instance_fini(&w->instances[i]);
    free(w);
    return failed;
}

int main(void)
{
    struct mariadb_server server;
    int failed = 1;

    if (mariadb_server_init(&server, NULL) &&
        mariadb_server_schema(&server, "hanok_auth", "dataservice/migrations/auth"))
        failed = run(&server);
    mariadb_server_fini(&server);
    return failed;
}
