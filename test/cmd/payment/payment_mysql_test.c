/* payment_mysql_test.c - payments over MariaDB, as the user that schema.sh makes: it may add to the
 * ledger and read it, and nothing else. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/cmd/payment/payment_contract.h"
#include "test/support/mariadb_server.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/dbc/conn.h"
#include "tool/dbc/dbc_text.h"
#include "tool/dbc/transactor.h"
#include "tool/job/mysql/lease_mysql.h"
#include "tool/migrate/migrate.h"
#include "tool/once/mysql/barrier_mysql.h"
#include "tool/outbox/mysql/outbox_mysql.h"
#include "tool/store/mysql/store_mysql.h"
#include "tool/sweep/mysql/sweep_rows_mysql.h"

#define SCHEMA "hanok_payment"

static const char *const CHANGED[] = {"payment",         "payment_operation", "webhook_event",
                                      "book_difference", "processed_message", "job_lease",
                                      "outbox",          "dead_letter",       "store_owner"};

static struct {
    struct mariadb_server server;
    struct dbc_pool *pool; /* the service's user's */
} all;

/* As nobody but the administrator can. */
static bool plant(const char *sql)
{
    struct dbc_config config = mariadb_server_config(&all.server, SCHEMA, 1);
    struct dbc_pool *pool = dbc_pool_create(&config, &CLOCK_SYSTEM);
    struct call call = test_call();
    struct dbc_conn *conn = NULL;
    char why[256] = "";
    enum status st = dbc_take(pool, &call, &conn);

    if (st == ST_OK)
        st = dbc_run_text(conn, sql, why, sizeof(why));
    dbc_give(pool, conn);
    dbc_pool_destroy(pool);
    if (st != ST_OK)
        fprintf(stderr, "%s: %s\n", sql, why);
    return st == ST_OK;
}

static void empty_tables(void)
{
    for (size_t i = 0; i < ARRAY_LEN(CHANGED); i++) {
        char sql[128];
        snprintf(sql, sizeof(sql), "DELETE FROM %s", CHANGED[i]);
        assert_true(plant(sql));
    }
    assert_true(plant("DELETE FROM ledger_entry"));
}

static size_t n_invariants(void)
{
    size_t n = 0;

    while (PAYMENT_INVARIANTS[n].name)
        n++;
    return n;
}

static int world_mysql(void **state)
{
    struct world *w = MEM_NEW(struct world);
    struct payment_case *p = &w->service.payments;

    empty_tables();
    p->payments = store_mysql_create(all.pool, &PAYMENT_TABLE);
    p->operations = store_mysql_create(all.pool, &OPERATION_TABLE);
    p->ledger = store_mysql_create(all.pool, &LEDGER_TABLE);
    p->webhooks = store_mysql_create(all.pool, &WEBHOOK_TABLE);
    p->differences = store_mysql_create(all.pool, &DIFFERENCE_TABLE);
    p->owners = store_mysql_create(all.pool, &STORE_OWNER_TABLE);
    p->transactor = dbc_transactor_create(all.pool);
    p->barrier = barrier_mysql_create(all.pool);
    p->outbox = outbox_mysql_create(all.pool, &ENTROPY_SYSTEM, NULL, NULL);
    w->lease = lease_mysql_create(all.pool);
    world_init(w);
    *state = w;
    return 0;
}

/* Whether some row breaks what must be true. */
static bool is_broken(const struct invariant *row)
{
    struct call call = test_call();
    struct dbc_conn *conn = NULL;
    struct dbc_stmt *s;
    bool broken;

    assert_status(ST_OK, dbc_take(all.pool, &call, &conn));
    s = dbc_prepare(conn, row->query);
    assert_status(ST_OK, dbc_execute(s, &call));
    broken = dbc_next(s);
    assert_status(ST_OK, dbc_done(s, ST_OK));
    dbc_give(all.pool, conn);
    return broken;
}

/* Each test leaves all as it must be, but for differences of books, which one of them makes. */
static void assert_sound(void)
{
    for (const struct invariant *row = PAYMENT_INVARIANTS; row->name; row++)
        if (!strstr(row->query, "book_difference") && is_broken(row))
            fail_msg("%s: it is not so", row->name);
}

static int world_mysql_end(void **state)
{
    struct world *w = *state;
    struct payment_case *p = w->p;

    assert_sound();
    provider_memory_destroy(p->provider);
    store_destroy(p->payments);
    store_destroy(p->operations);
    store_destroy(p->ledger);
    store_destroy(p->webhooks);
    store_destroy(p->differences);
    store_destroy(p->owners);
    outbox_destroy(p->outbox);
    p->barrier->ops->destroy(p->barrier);
    p->transactor->ops->destroy(p->transactor);
    w->lease->ops->destroy(w->lease);
    free(w);
    return 0;
}

static bool may(const char *sql)
{
    struct call call = test_call();
    struct dbc_conn *conn = NULL;
    char why[256] = "";
    enum status st;

    assert_status(ST_OK, dbc_take(all.pool, &call, &conn));
    st = dbc_run_text(conn, sql, why, sizeof(why));
    dbc_give(all.pool, conn);
    if (st != ST_OK && !strstr(why, "denied"))
        fail_msg("%s: %s", sql, why);
    return st == ST_OK;
}

static void the_ledger_cannot_be_changed_by_the_service_itself(void **state)
{
    struct world *w = *state;

    (void)world_captured(w, "tok_ok", 1000);
    assert_false(may("UPDATE ledger_entry SET amount = 0"));
    assert_false(may("DELETE FROM ledger_entry"));
    assert_false(may("TRUNCATE TABLE ledger_entry"));
    assert_false(may("DROP TABLE ledger_entry"));
    assert_false(may("ALTER TABLE ledger_entry ADD COLUMN note INT"));
    assert_false(may("REPLACE INTO ledger_entry SELECT * FROM ledger_entry"));
    assert_false(may("CREATE TABLE payment_too (id INT)"));
    assert_true(may("SELECT COUNT(*) FROM ledger_entry"));
    for (size_t i = 0; i < ARRAY_LEN(CHANGED); i++) {
        char sql[128];
        snprintf(sql, sizeof(sql), "DELETE FROM %s WHERE 1 = 0", CHANGED[i]);
        assert_true(may(sql));
    }
}

static void what_breaks_an_invariant_is_found(void **state)
{
    static const struct {
        const char *name, *plant;
    } cases[] = {
        {"a transaction's entries in the ledger sum to 0",
         "UPDATE ledger_entry SET amount = amount + 1 WHERE seq = 0"                                                   },
        {"what the provider owes is what was captured and not refunded",
         "UPDATE payment SET captured = captured - 1"                                                                  },
        {"an amount is the sum of its operations",                       "UPDATE payment SET refunding = refunding + 1"},
        {"an operation has its outcome within a minute",
         "UPDATE payment_operation SET state = 'REQUESTED', created_at = NOW(6) - INTERVAL 61 "
         "SECOND"                                                                                                      },
        {"a payment is undone within a minute",
         "UPDATE payment SET status = 'CANCELING', updated_at = NOW(6) - INTERVAL 61 SECOND"                           },
        {"an authorization is used within six days",
         "UPDATE payment SET status = 'AUTHORIZED', expires_at = NOW(6) + INTERVAL 23 HOUR"                            },
        {"the provider's book says what we say",
         "INSERT INTO book_difference VALUES (REPEAT('x', 16), 'x', 'UNKNOWN_HERE', NOW(6))"                           },
        {"what was done is in the provider's book",
         "UPDATE payment_operation SET booked = 0, updated_at = NOW(6) - INTERVAL 61 SECOND"                           },
    };
    struct world *w = *state;

    assert_int_equal(ARRAY_LEN(cases), n_invariants());
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        empty_tables();
        (void)world_captured(w, "tok_ok", 1000);
        assert_sound();
        assert_string_equal(cases[i].name, PAYMENT_INVARIANTS[i].name);
        assert_false(is_broken(&PAYMENT_INVARIANTS[i]));
        assert_true(plant(cases[i].plant));
        if (!is_broken(&PAYMENT_INVARIANTS[i]))
            fail_msg("%s: it is not found", cases[i].name);
    }
    empty_tables();
}

static void what_has_no_outcome_is_swept(void **state)
{
    static const struct sweep_table OPERATIONS = {"payment_operation", "id", "state = 'REQUESTED'",
                                                  "due_at", "look_at"};
    struct world *w = *state;
    struct purchase p = world_purchase("tok_ok", 1000, "KRW");
    struct sweep_rows *rows = sweep_rows_mysql_create(all.pool, &OPERATIONS);
    struct sweeper sweeper;
    struct call call = world_call(w, "");
    struct job_run run = {.call = &call, .name = "settle_operations"};

    assert_status(ST_OK, world_authorize(w, &p));
    assert_status(ST_OK, world_capture(w, &p, 1000));
    sweeper_init(&sweeper, &(struct sweeper_config){.name = "operation",
                                                    .rows = rows,
                                                    .transactor = w->p->transactor,
                                                    .ask = operation_sweep,
                                                    .act = operation_swept,
                                                    .arg = w->p,
                                                    .batch = 16,
                                                    .lease_ms = 25000,
                                                    .ask_ms = 5000,
                                                    .grace_ms = 60000});
    assert_status(ST_OK, sweeper_run(&sweeper, &run));
    world_expect(w, &p, PAYMENT_IS_CAPTURED);
    rows->ops->destroy(rows);
}

/* ---- a database, as deployment makes it ---- */

static bool grant(void)
{
    char command[256], line[1024];
    bool good = true;
    FILE *out;

    snprintf(command, sizeof(command),
             "cd %s && echo one >" SCHEMA " && echo two >" SCHEMA "_migrate && cd - >/dev/null && "
             "SECRETS=%s deploy/mysql/schema.sh " SCHEMA " localhost",
             all.server.folder, all.server.folder);
    out = popen(command, "r");
    while (good && out && fgets(line, sizeof(line), out)) {
        line[strcspn(line, ";\n")] = '\0';
        good = mariadb_server_sql(&all.server, line);
    }
    return out && pclose(out) == 0 && good;
}

static bool migrate(void)
{
    struct dbc_config config = mariadb_server_config(&all.server, SCHEMA, 1);
    char why[MIGRATION_WHY_MAX + 1];
    struct call call = test_call();
    struct dbc_pool *pool;
    enum status st;

    config.user = SCHEMA "_migrate";
    config.password = "two";
    pool = dbc_pool_create(&config, &CLOCK_SYSTEM);
    st = migrate_run(pool, &call, "dataservice/migrations/payment", NULL, why);
    if (st != ST_OK)
        fprintf(stderr, "migrating: %s\n", why);
    dbc_pool_destroy(pool);
    return st == ST_OK;
}

static int run(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_mysql, world_mysql_end)
    const struct CMUnitTest tests[] = {
        TEST(the_ledger_cannot_be_changed_by_the_service_itself),
        TEST(what_breaks_an_invariant_is_found),
        TEST(what_has_no_outcome_is_swept),
    };
    struct dbc_config config = mariadb_server_config(&all.server, SCHEMA, 16);
    int failed;

    config.user = SCHEMA;
    config.password = "one";
    all.pool = dbc_pool_create(&config, &CLOCK_SYSTEM);
    failed = payment_contract(world_mysql, world_mysql_end) +
             payment_money_contract(world_mysql, world_mysql_end) +
             payment_books_contract(world_mysql, world_mysql_end) +
             payment_store_contract(world_mysql, world_mysql_end) +
             cmocka_run_group_tests_name("mysql", tests, NULL, NULL);
    dbc_pool_destroy(all.pool);
    return failed;
}

int main(void)
{
    int failed = 1;

    log_set_fd(-1);
    if (mariadb_server_init(&all.server, NULL) && grant() && migrate())
        failed = run();
    mariadb_server_fini(&all.server);
    return failed;
}
