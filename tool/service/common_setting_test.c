#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tool/core/mem.h"
#include "tool/service/common_setting.h"
#include "tool/service/pools.h"
#include "tool/service/setting_load.h"

static const struct service_pool POOLS[] = {
    {"work", 4, 100},
    {"slow", 2, 10 }
};

struct all {
    struct nats_settings nats;
    struct common_settings common;
    struct database_settings database;
    struct barrier_settings barrier;
    struct saga_settings saga;
    struct pools pools;
    struct setting_group groups[6];
};

static struct all *make_all(void)
{
    struct all *all = MEM_NEW(struct all);

    pools_init(&all->pools, POOLS, ARRAY_LEN(POOLS));
    all->groups[0] = nats_setting_group(&all->nats);
    all->groups[1] = common_setting_group(&all->common);
    all->groups[2] = database_setting_group(&all->database);
    all->groups[3] = barrier_setting_group(&all->barrier);
    all->groups[4] = saga_setting_group(&all->saga);
    all->groups[5] = pools_setting_group(&all->pools);
    return all;
}

static void free_all(struct all *all)
{
    pools_fini(&all->pools);
    free(all);
}

static enum setting_verdict load(struct all *all, int argc, char **argv)
{
    static char *none[] = {NULL};
    char *said = NULL;
    size_t len;
    struct setting_load job = {.service = "t", .out = open_memstream(&said, &len)};
    enum setting_verdict verdict;

    job.err = job.out;
    TEXT_COPY(job.conf, "/nonexistent");
    verdict = setting_load_from(&job, all->groups, ARRAY_LEN(all->groups), argc, argv, none);
    fclose(job.out);
    if (verdict != SETTING_RUN)
        fail_msg("%s", said);
    free(said);
    return verdict;
}

static void every_row_is_whole_and_its_name_unique(void **state)
{
    struct all *all = make_all();
    const struct setting *rows[64];
    size_t n = 0;

    (void)state;
    for (size_t g = 0; g < ARRAY_LEN(all->groups); g++)
        for (size_t i = 0; i < all->groups[g].n; i++)
            rows[n++] = &all->groups[g].rows[i];
    for (size_t i = 0; i < n; i++) {
        assert_non_null(rows[i]->doc);
        assert_int_equal(strspn(rows[i]->name, "abcdefghijklmnopqrstuvwxyz0123456789-"),
                         strlen(rows[i]->name));
        if (rows[i]->kind == SETTING_INT)
            assert_int_equal(rows[i]->size, sizeof(int64_t));
        for (size_t k = i + 1; k < n; k++)
            assert_string_not_equal(rows[i]->name, rows[k]->name);
    }
    free_all(all);
}

static void defaults_are_good_and_pools_have_their_own(void **state)
{
    char *argv[] = {(char[]){"t"}, (char[]){"--mysql-user=u"}, (char[]){"--mysql-schema=s"},
                    (char[]){"--slow-queue=33"}, (char[]){"--log-level=warn"}};
    struct all *all = make_all();

    (void)state;
    load(all, ARRAY_LEN(argv), argv);
    assert_string_equal(all->nats.url, "nats://127.0.0.1:4222");
    assert_int_equal(common_log_level(&all->common), LOG_WARN);
    assert_int_equal(all->saga.retention_s, 86400);
    assert_int_equal(all->pools.all[0].threads, 4);
    assert_int_equal(all->pools.all[0].queue, 100);
    assert_int_equal(all->pools.all[1].threads, 2);
    assert_int_equal(all->pools.all[1].queue, 33);
    free_all(all);
}

static void nats_is_configured_as_set_and_what_is_empty_is_not_given(void **state)
{
    char *argv[] = {(char[]){"t"}, (char[]){"--mysql-user=u"}, (char[]){"--mysql-schema=s"},
                    (char[]){"--nats-user=bob"}, (char[]){"--nats-password=s3cret"}};
    struct all *all = make_all();
    struct link_config config;

    (void)state;
    load(all, ARRAY_LEN(argv), argv);
    config = nats_config(&all->nats, "t");
    assert_string_equal(config.url, "nats://127.0.0.1:4222");
    assert_string_equal(config.name, "t");
    assert_string_equal(config.user, "bob");
    assert_string_equal(config.password, "s3cret");
    assert_null(config.tls_ca);
    free_all(all);
}

static void an_authority_is_looked_at_before_it_is_needed(void **state)
{
    static const struct {
        const char *file, *why;
    } WRONG[] = {
        {"/nowhere/ca.pem", "cannot be read"                  },
        {"/dev/null",       "holds no certificate in PEM form"},
    };
    struct nats_settings nats;
    struct setting_group group = nats_setting_group(&nats);

    (void)state;
    for (size_t g = 0; g < group.n; g++) {
        if (strcmp(group.rows[g].name, "nats-tls-ca") != 0)
            continue;
        assert_null(group.rows[g].check(""));
        for (size_t i = 0; i < ARRAY_LEN(WRONG); i++)
            assert_string_equal(group.rows[g].check(WRONG[i].file), WRONG[i].why);
        return;
    }
    fail_msg("there is no nats-tls-ca");
}

static void a_database_is_configured_as_set(void **state)
{
    char *argv[] = {(char[]){"t"}, (char[]){"--mysql-user=u"}, (char[]){"--mysql-schema=s"},
                    (char[]){"--mysql-socket=/run/m.sock"}, (char[]){"--mysql-connections=3"}};
    struct all *all = make_all();
    struct dbc_config config;

    (void)state;
    load(all, ARRAY_LEN(argv), argv);
    config = database_config(&all->database, NULL);
    assert_string_equal(config.socket, "/run/m.sock");
    assert_string_equal(config.user, "u");
    assert_string_equal(config.schema, "s");
    assert_int_equal(config.port, 3306);
    assert_int_equal(config.connections, 3);
    free_all(all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_whole_and_its_name_unique),
        cmocka_unit_test(defaults_are_good_and_pools_have_their_own),
        cmocka_unit_test(nats_is_configured_as_set_and_what_is_empty_is_not_given),
        cmocka_unit_test(an_authority_is_looked_at_before_it_is_needed),
        cmocka_unit_test(a_database_is_configured_as_set),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
