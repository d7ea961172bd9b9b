/* email_rekey_test.c - addresses that a release before has kept, in MariaDB: they get the keys of
 * today, whatever is in the way is said, and nothing is lost. */
#include <stdio.h>
#include <string.h>

#include "dataservice/user/mysql/email_rekey.h"
#include "dataservice/user/profile_store.h"
#include "test/support/calls.h"
#include "test/support/mariadb_server.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/dbc/column.h"
#include "tool/store/mysql/store_mysql.h"

enum { MANY = 11000 };

static struct mariadb_server server;

struct world {
    struct dbc_pool *pool;
    struct store *profiles;
    struct email_rekey rekey;
};

static bool sql(const char *text)
{
    return mariadb_server_sql(&server, text);
}

static int setup(void **state)
{
    struct world *w = MEM_NEW(struct world);
    struct dbc_config config = mariadb_server_config(&server, "hanok_user", 4);

    log_set_fd(-1);
    assert_true(sql("DELETE FROM hanok_user.user_inform"));
    assert_true(sql("DELETE FROM hanok_user.email_conflict"));
    w->pool = dbc_pool_create(&config, &CLOCK_SYSTEM);
    w->profiles = store_mysql_create(w->pool, &PROFILE_TABLE);
    w->rekey.db = w->pool;
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;

    store_destroy(w->profiles);
    dbc_pool_destroy(w->pool);
    free(w);
    return 0;
}

/* As the release before: ASCII lower-cased. */
static void keep_as_before(struct uuid id, const char *email, const char *key)
{
    char text[1024], hex[33];

    for (size_t i = 0; i < sizeof(id.b); i++)
        snprintf(hex + 2 * i, 3, "%02x", id.b[i]);
    snprintf(text, sizeof(text),
             "INSERT INTO hanok_user.user_inform (user_id, name, email, email_key, phone, version,"
             " created_at, updated_at) VALUES (x'%s', 'N', '%s', '%s', '12345678', 7, NOW(6),"
             " NOW(6))",
             hex, email, key);
    assert_true(sql(text));
}

static struct uuid id_of(uint8_t n)
{
    return (struct uuid){{n}};
}

static enum status run(struct world *w, int64_t patience_ms)
{
    struct call call = test_call();
    struct job_run job = {.call = &call, .name = "rekey_emails"};

    if (patience_ms)
        call.deadline_ms = clock_now_ms(call.clock) + patience_ms;
    return email_rekey(&w->rekey, &job);
}

static void assert_owner(struct world *w, const char *email, uint8_t n)
{
    struct call call = test_call();
    struct profile profile;
    enum status st = store_find(w->profiles, NULL, &call, "email_key", email, &profile);

    if (st != (n ? ST_OK : ST_NOT_FOUND) || (n && profile.user_id.b[0] != n))
        fail_msg("%s: %s", email, status_name(st));
    assert_true(!n || profile.version == 7); /* nobody's ETag has changed */
}

static int64_t conflicts(struct world *w, struct uuid id)
{
    struct call call = test_call();
    struct dbc_conn *conn = NULL;
    struct dbc_stmt *s;
    int64_t n = -1;
    enum status st;

    assert_status(ST_OK, dbc_take(w->pool, &call, &conn));
    s = dbc_prepare(conn, "SELECT COUNT(*) FROM email_conflict WHERE user_id = ?");
    dbc_bind_uuid(s, id);
    st = dbc_execute(s, &call);
    if (st == ST_OK && dbc_next(s))
        dbc_col_int(s, &n);
    assert_status(ST_OK, dbc_done(s, st));
    dbc_give(w->pool, conn);
    return n;
}

static void addresses_of_before_get_the_keys_of_today(void **state)
{
    struct world *w = *state;

    keep_as_before(id_of(1), "ИВАН@Example.org", "ИВАН@example.org");
    keep_as_before(id_of(2), "a@BÜCHER.example", "a@bÜcher.example");
    keep_as_before(id_of(3), "Jose\u0301@example.org", "jose\u0301@example.org");
    keep_as_before(id_of(4), "Alice@example.org", "alice@example.org");
    keep_as_before(id_of(5), "josé@c", "josé@c");
    assert_owner(w, "иван@example.org", 0);
    assert_status(ST_OK, run(w, 0));
    assert_owner(w, "иван@example.org", 1);
    assert_owner(w, "A@bücher.example", 2);
    assert_owner(w, "a@xn--bcher-kva.example", 2);
    assert_owner(w, "JOSÉ@example.org", 3);
    assert_owner(w, "alice@example.org", 4);
    assert_owner(w, "josé@c", 5);
    assert_status(ST_OK, run(w, 0)); /* once and for all */
    assert_owner(w, "иван@example.org", 1);
}

static void two_that_are_the_same_are_said_and_kept(void **state)
{
    struct world *w = *state;
    struct call call = test_call();
    struct profile profile = {
        .user_id = {{9}        },
          .person = { "N", "Иван@example.org", "12345678"}
    };

    keep_as_before(id_of(1), "ИВАН@example.org", "ИВАН@example.org");
    keep_as_before(id_of(2), "иван@example.org", "иван@example.org");
    assert_status(ST_OK, run(w, 0));
    assert_owner(w, "ИВАН@example.org", 2);
    assert_int_equal(conflicts(w, id_of(1)), 1);
    assert_int_equal(conflicts(w, id_of(2)), 0);
    assert_status(ST_OK, store_find(w->profiles, NULL, &call, NULL, &(struct uuid){{1}}, &profile));
    assert_string_equal(profile.person.email, "ИВАН@example.org");
    profile.user_id = id_of(9);
    assert_status(ST_CONFLICT, store_insert(w->profiles, NULL, &call, &profile, NULL));
    assert_status(ST_OK, run(w, 0));
    assert_int_equal(conflicts(w, id_of(1)), 1);
    /* One of them goes. */
    assert_status(ST_OK, store_remove(w->profiles, NULL, &call, &(struct uuid){{2}}, NULL, NULL));
    assert_status(ST_OK, run(w, 0));
    assert_owner(w, "ИВАН@example.org", 1);
    assert_int_equal(conflicts(w, id_of(1)), 0);
}

static void a_conflict_ends_with_another_address_or_with_the_profile(void **state)
{
    struct world *w = *state;
    struct call call = test_call();
    struct profile other = {.person = {.email = "other@example.org"}};

    for (uint8_t i = 0; i < 2; i++) {
        static const char *const names[] = {"É", "Ö"}, *const same[] = {"é", "ö"};
        char email[64], key[64];
        snprintf(email, sizeof(email), "%s@example.org", names[i]);
        snprintf(key, sizeof(key), "%s@example.org", same[i]);
        keep_as_before(id_of(1 + 2 * i), email, email);
        keep_as_before(id_of(2 + 2 * i), key, key);
    }
    assert_status(ST_OK, run(w, 0));
    assert_int_equal(conflicts(w, id_of(1)) + conflicts(w, id_of(3)), 2);
    assert_status(ST_OK,
                  store_patch(w->profiles, NULL, &call, &(struct uuid){{1}}, 0, &other,
                              (size_t[]){offsetof(struct profile, person.email)}, 1, NULL, NULL));
    assert_status(ST_OK, store_remove(w->profiles, NULL, &call, &(struct uuid){{3}}, NULL, NULL));
    assert_status(ST_OK, run(w, 0));
    assert_int_equal(conflicts(w, id_of(1)) + conflicts(w, id_of(3)), 0);
}

/* The release before runs beside for a while. */
static void what_comes_after_the_first_pass_is_found_by_the_next(void **state)
{
    struct world *w = *state;
    struct uuid id = uuid_v7(&CLOCK_SYSTEM, &ENTROPY_SYSTEM), kept;

    assert_status(ST_OK, run(w, 0));
    keep_as_before(id, "ИВАН@example.org", "ИВАН@example.org");
    assert_status(ST_OK, run(w, 0));
    {
        struct call call = test_call();
        struct profile profile;
        assert_status(
            ST_OK, store_find(w->profiles, NULL, &call, "email_key", "иван@example.org", &profile));
        kept = profile.user_id;
    }
    assert_true(uuid_equal(kept, id));
}

static void a_pass_goes_on_where_its_time_was_up(void **state)
{
    struct world *w = *state;
    char text[512];

    snprintf(text, sizeof(text),
             "INSERT INTO hanok_user.user_inform SELECT UNHEX(LPAD(HEX(seq), 32, '0')), 'N', e, e,"
             " '12345678', 7, NOW(6), NOW(6), NULL FROM (SELECT seq, CONCAT('u', seq, IF(seq %% 5"
             " = 0, 'É', ''), '@example.org') AS e FROM hanok_user.seq_1_to_%d) AS s",
             MANY);
    assert_true(sql(text));
    keep_as_before(id_of(1), "ИВАН@example.org", "ИВАН@example.org");
    assert_status(ST_PENDING, run(w, 900)); /* not begun with so little */
    assert_owner(w, "иван@example.org", 0);
    while (run(w, 0) == ST_PENDING)
        continue;
    assert_owner(w, "иван@example.org", 1);
    assert_int_equal(conflicts(w, id_of(1)), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(addresses_of_before_get_the_keys_of_today),
        TEST(two_that_are_the_same_are_said_and_kept),
        TEST(a_conflict_ends_with_another_address_or_with_the_profile),
        TEST(what_comes_after_the_first_pass_is_found_by_the_next),
        TEST(a_pass_goes_on_where_its_time_was_up),
    };
    int failed = 1;

    if (mariadb_server_init(&server, NULL) &&
        mariadb_server_schema(&server, "hanok_user", "dataservice/migrations/user"))
        failed = cmocka_run_group_tests(tests, NULL, NULL);
    mariadb_server_fini(&server);
    return failed;
}
