/* routes_bucket_test.c - routes out of a real key-value bucket. */
#include "cmd/gateway/routes_bucket.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <nats/nats.h>

#include "test/support/jetstream.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/metrics/metrics.h"

enum { PATIENCE_MS = 120000 };

struct fixture {
    struct jetstream jetstream;
    struct loop *loop;
    struct metrics *metrics;
    struct link *link;
    struct message_client *client;
    struct routes_bucket *bucket;
    char text[64]; /* the last that was told */
    unsigned told;
};

static void on_changed(void *arg, const char *text)
{
    struct fixture *f = arg;

    text_copy(f->text, sizeof(f->text), text ? text : "none");
    f->told++;
}

static int setup(void **state)
{
    struct fixture *f = MEM_NEW(struct fixture);

    log_init("gateway", LOG_WARN);
    log_set_fd(-1);
    if (!jetstream_init(&f->jetstream))
        return -1;
    f->loop = loop_create(&CLOCK_SYSTEM);
    f->metrics = metrics_create();
    f->link = link_create(
        &(struct link_config){.url = f->jetstream.server.url, .name = "gateway", .loop = f->loop});
    f->client = message_client_create(&(struct message_client_config){
        .link = f->link, .loop = f->loop, .clock = &CLOCK_SYSTEM, .metrics = f->metrics});
    f->bucket = routes_bucket_create(&(struct routes_bucket_config){.name = "edge",
                                                                    .client = f->client,
                                                                    .link = f->link,
                                                                    .loop = f->loop,
                                                                    .changed = on_changed,
                                                                    .arg = f});
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    routes_bucket_destroy(f->bucket);
    message_client_destroy(f->client);
    link_destroy(f->link);
    loop_destroy(f->loop);
    metrics_destroy(f->metrics);
    jetstream_fini(&f->jetstream);
    free(f);
    return 0;
}

static kvStore *make_bucket(struct fixture *f)
{
    kvConfig config;
    kvStore *store = NULL;

    assert_int_equal(kvConfig_Init(&config), NATS_OK);
    config.Bucket = "edge";
    config.History = 3;
    assert_int_equal(js_CreateKeyValue(&store, f->jetstream.js, &config), NATS_OK);
    return store;
}

static void turn_until_told(struct fixture *f, const char *text)
{
    int64_t give_up_ms = clock_now_ms(&CLOCK_SYSTEM) + PATIENCE_MS;

    while (strcmp(f->text, text) != 0) {
        loop_turn(f->loop, 5);
        if (clock_now_ms(&CLOCK_SYSTEM) > give_up_ms)
            fail_msg("never told: '%s', but '%s'", text, f->text);
    }
}

static void what_is_put_there_is_told_once(void **state)
{
    struct fixture *f = *state;
    kvStore *store = make_bucket(f);

    assert_int_equal(kvStore_PutString(NULL, store, "other", "x"), NATS_OK);
    assert_int_equal(kvStore_PutString(NULL, store, "routes", "first"), NATS_OK);
    turn_until_told(f, "first");
    assert_int_equal(kvStore_PutString(NULL, store, "routes", "second"), NATS_OK);
    assert_int_equal(kvStore_PutString(NULL, store, "routes", "third"), NATS_OK);
    turn_until_told(f, "third");
    assert_int_equal(f->told, 3);
    assert_int_equal(kvStore_Delete(store, "routes"), NATS_OK);
    turn_until_told(f, "none");
    assert_int_equal(f->told, 4);
    kvStore_Destroy(store);
}

static void a_bucket_that_is_made_anew_is_another(void **state)
{
    struct fixture *f = *state;
    kvStore *store = make_bucket(f);

    assert_int_equal(kvStore_PutString(NULL, store, "routes", "old"), NATS_OK);
    turn_until_told(f, "old");
    kvStore_Destroy(store);
    jetstream_restart(&f->jetstream, true);
    store = make_bucket(f);
    assert_int_equal(kvStore_PutString(NULL, store, "routes", "new"), NATS_OK);
    turn_until_told(f, "new");
    kvStore_Destroy(store);
}

static void a_name_is_plain(void **state)
{
    (void)state;
    assert_null(routes_bucket_check(""));
    assert_null(routes_bucket_check("edge-1_A"));
    assert_non_null(routes_bucket_check("a.b"));
    assert_non_null(routes_bucket_check("a>"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_put_there_is_told_once, setup, teardown),
        cmocka_unit_test_setup_teardown(a_bucket_that_is_made_anew_is_another, setup, teardown),
        cmocka_unit_test(a_name_is_plain),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
