#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/service/admin.h"
#include "tool/service/healthcheck.h"

static struct loop *loop;
static struct metrics *metrics;
static struct admin *admin;
static pthread_t thread;
static bool database_up; /* set before the loop's thread starts */
static char path[] = "/tmp/hanok-health-XXXXXX";
static char why[HEALTHCHECK_WHY_MAX + 1];

static void say_ready(void *arg, struct readiness *out)
{
    (void)arg;
    readiness_add(out, "database", database_up, "the database does not answer");
}

static void *turn(void *arg)
{
    (void)arg;
    loop_run(loop);
    return NULL;
}

/* An instance at any free port of host. */
static void start(const char *listen, bool up)
{
    const char *reason = NULL;

    database_up = up;
    loop = loop_create(&CLOCK_SYSTEM);
    metrics = metrics_create();
    admin = admin_create(&(struct admin_config){.listen = listen,
                                                .file = path,
                                                .loop = loop,
                                                .clock = &CLOCK_SYSTEM,
                                                .metrics = metrics,
                                                .ready = say_ready},
                         &reason);
    if (!admin)
        fail_msg("%s", reason);
    assert_int_equal(pthread_create(&thread, NULL, turn, NULL), 0);
}

static void stop(void)
{
    loop_stop(loop);
    pthread_join(thread, NULL);
    admin_destroy(admin);
    metrics_destroy(metrics);
    loop_destroy(loop);
}

static int set_up(void **state)
{
    (void)state;
    log_set_fd(-1);
    close(mkstemp(strcpy(path, "/tmp/hanok-health-XXXXXX")));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    unlink(path);
    log_set_fd(STDERR_FILENO);
    return 0;
}

static void an_instance_that_is_ready_is_healthy(void **state)
{
    static const char *const LISTEN[] = {"127.0.0.1:0", "0.0.0.0:0"};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(LISTEN); i++) {
        char address[64];
        FILE *file;

        start(LISTEN[i], true);
        if (!healthcheck_ask(LISTEN[i], path, why))
            fail_msg("%s: %s", LISTEN[i], why);
        file = fopen(path, "r");
        assert_non_null(fgets(address, sizeof(address), file));
        fclose(file);
        address[strcspn(address, "\n")] = '\0';
        assert_true(healthcheck_ask(address, "", why));
        stop();
    }
}

static void one_that_is_not_says_what_is_missing(void **state)
{
    (void)state;
    start("127.0.0.1:0", false);
    assert_false(healthcheck_ask("127.0.0.1:0", path, why));
    assert_non_null(strstr(why, "the database does not answer"));
    stop();
}

static void who_cannot_be_asked_is_not_healthy(void **state)
{
    static const struct {
        const char *listen, *file, *why;
    } CASES[] = {
        {"127.0.0.1:1", "",          "127.0.0.1:1: Connection refused"       },
        {"127.0.0.1:0", "",          "no --admin-file"                       },
        {"127.0.0.1:0", "/nowhere",  "cannot read \"/nowhere\": No such file"},
        {"127.0.0.1:0", "/dev/null", "\"/dev/null\" holds no address"        },
        {"nonsense",    "",          "\"nonsense\" is no address"            },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        assert_false(healthcheck_ask(CASES[i].listen, CASES[i].file, why));
        if (!strstr(why, CASES[i].why))
            fail_msg("%s: %s", CASES[i].why, why);
    }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_instance_that_is_ready_is_healthy),
        TEST(one_that_is_not_says_what_is_missing),
        TEST(who_cannot_be_asked_is_not_healthy),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
