/* gateway_live_test.c - requests that wait for another version: by long polls, and as streams. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "test/cmd/gateway/gateway_fixture.h"
#include "tool/core/mem.h"
#include "tool/message/link_private.h"
#include "tool/metrics/metrics.h"

#define KNOWS_1 "If-None-Match: \"1\"\r\n"
#define STREAM "Accept: text/event-stream\r\n"

static const struct uuid CALLER = {
    {9, 2, 3, 4, 5, 6, 0x77, 8, 0x89, 10, 11, 12, 13, 14, 15, 16}
};

static void version_is(struct gateway_fixture *f, const char *etag, const char *data)
{
    f->user_played.header[0] = (struct message_header){HEADER_ETAG, etag};
    f->user_played.data = data;
}

static int setup(void **state)
{
    int rc = gateway_setup(state);

    if (rc == 0)
        version_is(*state, "\"1\"", "{\"n\":1}");
    return rc;
}

static int setup_with_a_quick_beat(void **state)
{
    int64_t otherwise_ms = gateway_beat_ms;
    int rc;

    gateway_beat_ms = 200;
    rc = setup(state);
    gateway_beat_ms = otherwise_ms;
    return rc;
}

/* GET of CALLER's, with fields beside the token. */
static int put(struct gateway_fixture *f, const char *method, const char *fields)
{
    char all[4096], path[96], id[UUID_TEXT_LEN + 1];

    snprintf(all, sizeof(all), "%s%s", gateway_bearer(f->issuer, CALLER), fields);
    snprintf(path, sizeof(path), "/users/%s", uuid_text(CALLER, id));
    return gateway_put(f, method, path, all, NULL);
}

/* Reads on until part has come; what was read before is forgotten, and of much all but the end.
 * True if the client was told that it has missed something. */
static bool receive_until(struct gateway_fixture *f, int fd, const char *part)
{
    int64_t give_up_ms = clock_now_ms(&CLOCK_SYSTEM) + GATEWAY_PATIENCE_MS;
    const size_t keep = sizeof(gateway_reply) / 2;
    size_t used = 0;
    bool missed = false;

    gateway_reply[0] = '\0';
    while (!gateway_says(part)) {
        ssize_t n = recv(fd, gateway_reply + used, sizeof(gateway_reply) - 1 - used, MSG_DONTWAIT);

        used += n > 0 ? (size_t)n : 0;
        gateway_reply[used] = '\0';
        missed |= gateway_says("event: resync\n");
        if (used > keep && !gateway_says(part)) {
            memmove(gateway_reply, gateway_reply + used - keep, keep + 1);
            used = keep;
        }
        loop_turn(f->loop, n > 0 ? 0 : 1);
        if (clock_now_ms(&CLOCK_SYSTEM) > give_up_ms || n == 0)
            fail_msg("no '%s' in '%s'", part, gateway_reply);
    }
    return missed;
}

static int64_t waiting(struct gateway_fixture *f)
{
    return metric_value(metrics_gauge(f->metrics, "hanok_http_live", "", ""));
}

static int64_t woken(struct gateway_fixture *f)
{
    return metric_value(metrics_counter(f->metrics, "hanok_http_live_woken_total", "", ""));
}

static bool one_rests(struct gateway_fixture *f)
{
    return waiting(f) == 1 && f->user_played.n > 0 && gateway_nobody_waits(f);
}

static bool nobody_is_there(struct gateway_fixture *f)
{
    return waiting(f) == 0;
}

static bool has_looked_again(struct gateway_fixture *f)
{
    return f->user_played.n >= 2 && gateway_nobody_waits(f);
}

/* As the relay of a service publishes it. */
static void say(struct gateway_fixture *f, const char *subject, const char *key)
{
    struct message_out out = {.data = "{}", .len = 2};

    message_add_header(&out, "ce-partitionkey", key);
    assert_int_equal(link_publish(f->far, &out, subject, NULL), ST_OK);
}

static void say_it_has_changed(struct gateway_fixture *f)
{
    char id[UUID_TEXT_LEN + 1];

    say(f, "event.user.profile_changed.07", uuid_text(CALLER, id));
}

static void version_comes(struct gateway_fixture *f, const char *etag, const char *data)
{
    version_is(f, etag, data);
    say_it_has_changed(f);
}

static void who_knows_the_version_waits_for_the_next_one(void **state)
{
    struct gateway_fixture *f = *state;
    char subject[128], id[UUID_TEXT_LEN + 1];
    int fd = put(f, "GET", KNOWS_1 "Prefer: wait=30\r\n");

    gateway_turn_until(f, one_rests, "it waits");
    version_comes(f, "\"2\"", "{\"n\":2}");
    assert_int_equal(gateway_get(f, fd), 200);
    assert_true(gateway_says("ETag: \"2\"\r\n"));
    assert_true(gateway_says("{\"n\":2}"));
    assert_int_equal(f->user_played.n, 2);
    assert_int_equal(waiting(f), 0);

    f->user_played.n = 0;
    fd = put(f, "GET", "If-None-Match: W/\"2\"\r\nPrefer: wait=99\r\n");
    gateway_turn_until(f, one_rests, "it waits");
    version_is(f, "\"3\"", "{\"n\":3}");
    snprintf(subject, sizeof(subject), "changed.user.%s", uuid_text(CALLER, id));
    say(f, subject, "");
    assert_int_equal(gateway_get(f, fd), 200);
    assert_true(gateway_says("{\"n\":3}"));
}

static void who_knows_another_one_or_does_not_say_waits_not(void **state)
{
    static const struct {
        const char *method, *fields;
        int want;
    } cases[] = {
        {"GET",  "Prefer: wait=30\r\n",                         200},
        {"GET",  "If-None-Match: \"0\"\r\nPrefer: wait=30\r\n", 200},
        {"GET",  KNOWS_1,                                       304},
        {"GET",  KNOWS_1 "Prefer: wait=0\r\n",                  304},
        {"GET",  KNOWS_1 "Prefer: respond-async\r\n",           304},
        {"HEAD", KNOWS_1 "Prefer: wait=30\r\n",                 304},
        {"GET",  "Accept: text/event-stream;q=0\r\n",           200},
        {"GET",  "Accept: application/json, text/plain\r\n",    200},
    };
    struct gateway_fixture *f = *state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int got = gateway_get(f, put(f, cases[i].method, cases[i].fields));

        if (got != cases[i].want)
            fail_msg("%s %s: got %d", cases[i].method, cases[i].fields, got);
    }
    assert_int_equal(f->user_played.n, ARRAY_LEN(cases));
}

static void a_wait_that_is_over_is_a_304(void **state)
{
    struct gateway_fixture *f = *state;

    assert_int_equal(gateway_get(f, put(f, "GET", KNOWS_1 "Prefer: wait=1\r\n")), 304);
    assert_true(gateway_says("ETag: \"1\"\r\n") && gateway_says("Vary: Authorization, Accept\r\n"));
    assert_int_equal(f->user_played.n, 1);
}

static void what_is_said_of_others_wakes_nobody(void **state)
{
    struct gateway_fixture *f = *state;
    int fd = put(f, "GET", KNOWS_1 "Prefer: wait=30\r\n");
    char id[UUID_TEXT_LEN + 1];

    gateway_turn_until(f, one_rests, "it waits");
    say(f, "event.user.profile_changed.07", "01890a5d-ac96-774b-bcce-b302099a8057");
    say(f, "event.auth.account_created.07", uuid_text(CALLER, id));
    say(f, "changed.user.x", "");
    assert_int_equal(gateway_ask(f, "GET", "/kept", "", NULL), 200); /* answered after them */
    assert_int_equal(woken(f), 0);
    assert_int_equal(f->user_played.n, 1);
    say_it_has_changed(f);
    gateway_turn_until(f, has_looked_again, "it has looked once more");
    assert_int_equal(f->user_played.n, 2);
    close(fd);
}

/* Somebody who waits, and what he looks at once more is problem. */
static int wait_for_what_fails(struct gateway_fixture *f, struct problem *problem,
                               const char *fields)
{
    int fd = put(f, "GET", fields);

    gateway_turn_until(f, one_rests, "it waits");
    f->user_played.problem = problem;
    say_it_has_changed(f);
    return fd;
}

static void a_look_that_fails_is_no_answer_and_a_refusal_is(void **state)
{
    struct gateway_fixture *f = *state;
    struct problem problem = {.status = ST_UNAVAILABLE};
    int fd = wait_for_what_fails(f, &problem, KNOWS_1 "Prefer: wait=30\r\n");

    gateway_turn_until(f, has_looked_again, "it has looked in vain");
    assert_int_equal(waiting(f), 1);
    problem.status = ST_FORBIDDEN;
    say_it_has_changed(f);
    assert_int_equal(gateway_get(f, fd), 403);
    assert_true(gateway_says("\"code\":\"forbidden\""));
}

static void a_look_that_failed_last_is_told(void **state)
{
    struct gateway_fixture *f = *state;
    struct problem problem = {.status = ST_UNAVAILABLE};
    int fd = wait_for_what_fails(f, &problem, KNOWS_1 "Prefer: wait=5\r\n");

    assert_int_equal(gateway_get(f, fd), 503);
}

static void a_gateway_that_goes_down_lets_them_go(void **state)
{
    struct gateway_fixture *f = *state;
    int poll = put(f, "GET", KNOWS_1 "Prefer: wait=30\r\n");
    int stream, late;

    gateway_turn_until(f, one_rests, "it waits");
    stream = put(f, "GET", STREAM);
    receive_until(f, stream, "{\"n\":1}\n\n");
    late = put(f, "GET", STREAM); /* read when it is on its way down */
    gateway_drain(&f->gw);
    assert_int_equal(gateway_get(f, poll), 304);
    assert_true(gateway_says("Connection: close\r\n"));
    gateway_get(f, stream); /* to its end */
    assert_true(gateway_says("0\r\n\r\n"));
    assert_int_equal(gateway_get(f, late), 200);
    assert_true(gateway_says("{\"n\":1}\n\n\r\n0\r\n\r\n"));
}

static void a_stream_begins_with_what_is_and_goes_on_with_what_becomes(void **state)
{
    struct gateway_fixture *f = *state;
    struct problem problem = {.status = ST_NOT_FOUND};
    int fd = put(f, "GET", STREAM);
    char etag[16], data[32], want[64];

    receive_until(f, fd, "data: {\"n\":1}\n\n");
    assert_true(gateway_says("HTTP/1.1 200 ") && gateway_says("Vary: Accept\r\n"));
    assert_true(gateway_says("Content-Type: text/event-stream\r\n"));
    assert_true(gateway_says("\nid: 1\ndata: "));
    for (int i = 2; i < 5; i++) {
        snprintf(etag, sizeof(etag), "\"%d\"", i);
        snprintf(data, sizeof(data), "{\"n\":%d}", i);
        snprintf(want, sizeof(want), "id: %d\ndata: {\"n\":%d}\n\n", i, i);
        version_comes(f, etag, data);
        receive_until(f, fd, want);
    }
    f->user_played.problem = &problem;
    say_it_has_changed(f);
    receive_until(f, fd, "event: problem\ndata: {");
    gateway_get(f, fd);
    assert_int_equal(waiting(f), 0);
}

static void who_comes_back_to_a_stream_hears_only_what_is_new(void **state)
{
    struct gateway_fixture *f = *state;
    int fd = put(f, "GET", STREAM "Last-Event-ID: 1\r\n");

    receive_until(f, fd, ":\n\n");
    assert_false(gateway_says("data:"));
    version_comes(f, "\"2\"", "{\"n\":2}");
    receive_until(f, fd, "id: 2\ndata: {\"n\":2}\n\n");
    close(fd);
    gateway_turn_until(f, nobody_is_there, "who left is forgotten");
}

static void a_stream_is_told_now_and_then_that_it_lives(void **state)
{
    struct gateway_fixture *f = *state;
    int fd = put(f, "GET", STREAM);

    receive_until(f, fd, "\r\n3\r\n:\n\n\r\n");
    assert_true(f->user_played.n >= 1);
    version_is(f, "\"2\"", "{\"n\":2}");
    receive_until(f, fd, "id: 2\n"); /* of which nobody has said a word */
    close(fd);
}

static void what_was_missed_with_the_connection_is_looked_for(void **state)
{
    struct gateway_fixture *f = *state;
    int fd = put(f, "GET", KNOWS_1 "Prefer: wait=30\r\n");

    gateway_turn_until(f, one_rests, "it waits");
    nats_server_kill(&f->nats);
    version_is(f, "\"2\"", "{\"n\":2}");
    assert_true(nats_server_start(&f->nats));
    assert_int_equal(gateway_get(f, fd), 200);
}

/* Of versions it is too slow for it is told the last one. */
static void who_reads_slowly_is_told_what_there_is_by_then(void **state)
{
    enum { LONG = 400 * 1024, VERSIONS = 24 };
    struct gateway_fixture *f = *state;
    char *data = mem_alloc(1, LONG + 1), etag[16];
    int fd = put(f, "GET", STREAM), small = 32768, large = 1 << 20;

    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small)), 0);
    memset(data, 'x', LONG);
    gateway_turn_until(f, one_rests, "it waits");
    for (unsigned i = 2; i < VERSIONS; i++) {
        snprintf(etag, sizeof(etag), "\"%u\"", i);
        f->user_played.n = 0;
        version_comes(f, etag, data);
        gateway_turn_until(f, one_rests, "it has looked");
    }
    version_comes(f, "\"last\"", "{\"n\":99}");
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &large, sizeof(large)), 0);
    assert_true(receive_until(f, fd, "id: last\ndata: {\"n\":99}\n\n"));
    close(fd);
    free(data);
}

static bool all_rest(struct gateway_fixture *f)
{
    return waiting(f) == f->gw.live_max_of_caller && gateway_nobody_waits(f);
}

static void beyond_the_bound_a_stream_is_refused_and_a_poll_answered(void **state)
{
    struct gateway_fixture *f = *state;
    char other[4096];
    int fds[16];

    snprintf(other, sizeof(other), "%s" KNOWS_1 "Prefer: wait=1\r\n",
             gateway_bearer(f->issuer, GATEWAY_SESSION)); /* an id like any other */
    assert_in_range(f->gw.live_max_of_caller, 1, ARRAY_LEN(fds));
    for (int i = 0; i < f->gw.live_max_of_caller; i++)
        fds[i] = put(f, "GET", KNOWS_1 "Prefer: wait=30\r\n");
    gateway_turn_until(f, all_rest, "as many wait as may");
    assert_int_equal(gateway_ask(f, "GET", "/users/2", other, NULL), 304); /* after its second */
    assert_int_equal(gateway_get(f, put(f, "GET", STREAM)), 503);
    assert_int_equal(gateway_get(f, put(f, "GET", KNOWS_1 "Prefer: wait=30\r\n")), 304);
    version_comes(f, "\"2\"", "{\"n\":2}");
    for (int i = 0; i < f->gw.live_max_of_caller; i++)
        assert_int_equal(gateway_get(f, fds[i]), 200);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, gateway_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(who_knows_the_version_waits_for_the_next_one),
        TEST(who_knows_another_one_or_does_not_say_waits_not),
        TEST(a_wait_that_is_over_is_a_304),
        TEST(what_is_said_of_others_wakes_nobody),
        TEST(a_look_that_fails_is_no_answer_and_a_refusal_is),
        TEST(a_look_that_failed_last_is_told),
        TEST(a_gateway_that_goes_down_lets_them_go),
        TEST(a_stream_begins_with_what_is_and_goes_on_with_what_becomes),
        TEST(who_comes_back_to_a_stream_hears_only_what_is_new),
        cmocka_unit_test_setup_teardown(a_stream_is_told_now_and_then_that_it_lives,
                                        setup_with_a_quick_beat, gateway_teardown),
        TEST(what_was_missed_with_the_connection_is_looked_for),
        TEST(who_reads_slowly_is_told_what_there_is_by_then),
        TEST(beyond_the_bound_a_stream_is_refused_and_a_poll_answered),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
