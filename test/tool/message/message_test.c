/* message_test.c - asking and answering over a real nats-server. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "test/support/bus.h"
#include "tool/core/mem.h"
#include "tool/message/link_private.h"

enum { LONG_MS = 60000, MANY = 500 };

#define HOLD "echo.hold.on.to.it"

static const char HERE[] = "an address in this program";

static void assert_answered(const struct answer *answer, const char *data)
{
    assert_int_equal(answer->n, 1);
    assert_int_equal(answer->st, ST_OK);
    assert_int_equal(answer->error_code, 0);
    assert_int_equal(answer->len, strlen(data));
    assert_memory_equal(answer->data, data, answer->len);
}

static void a_request_gets_its_reply(void **state)
{
    struct bus *bus = *state;
    struct answer answer;

    bus_ask(bus, "echo.say", "hello", LONG_MS, &answer, NULL);
    assert_int_equal(answer.n, 0); /* never from inside */
    assert_int_equal(bus_waiting(bus), 1);
    BUS_WAIT(bus, answer.n > 0);
    assert_answered(&answer, "hello");
    assert_int_equal(bus_waiting(bus), 0);
}

static void replies_find_their_requests(void **state)
{
    static struct answer answers[MANY];
    struct bus *bus = *state;
    char text[MANY][16];
    unsigned n = 0;

    for (unsigned i = 0; i < MANY; i++) {
        snprintf(text[i], sizeof(text[i]), "number %u", i);
        bus_ask(bus, i % 2 ? "echo.say" : "echo.work", text[i], LONG_MS, &answers[i], NULL);
    }
    BUS_WAIT(bus, bus_waiting(bus) == 0);
    for (unsigned i = 0; i < MANY; i++, n++)
        assert_answered(&answers[i], text[i]);
    assert_int_equal(n, MANY);
}

static void what_travels_with_a_call_arrives(void **state)
{
    struct bus *bus = *state;
    struct call sent = {.clock = &CLOCK_SYSTEM,
                        .deadline_ms = clock_now_ms(&CLOCK_SYSTEM) + LONG_MS,
                        .request_id = "r-1",
                        .traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                        .user = "0198a1b2-0000-7000-8000-000000000001",
                        .roles = "admin auditor",
                        .session = {{1, 2, 3, 4, 5, 6, 0x77, 8, 0x89, 10, 11, 12, 13, 14, 15, 16}},
                        .client = "2001:db8::1",
                        .agent = "Mozilla/5.0 (X11; Linux x86_64)",
                        .idempotency_key = "once only",
                        .wait_ms = 2500,
                        .if_version = 7};
    struct message_out out = {.subject = "echo.say"};
    struct message_call_text text;
    const struct call *got = &bus->echo.last;

    message_add_call(&out, &sent, &text);
    assert_int_equal(link_publish(bus->link, &out, "echo.say", NULL), ST_OK);
    BUS_WAIT(bus, bus->echo.n_handled == 1); /* and without a reply subject nobody is answered */
    assert_string_equal(got->request_id, sent.request_id);
    assert_string_equal(got->traceparent, sent.traceparent);
    assert_string_equal(got->user, sent.user);
    assert_string_equal(got->roles, sent.roles);
    assert_true(uuid_equal(got->session, sent.session));
    assert_string_equal(got->client, sent.client);
    assert_string_equal(got->agent, sent.agent);
    assert_string_equal(got->idempotency_key, sent.idempotency_key);
    assert_int_equal(got->wait_ms, 3000); /* whole seconds travel */
    assert_int_equal(got->if_version, 7);
    assert_in_range(got->deadline_ms - clock_now_ms(&CLOCK_SYSTEM), 1, LONG_MS);
}

static void a_version_that_is_none_is_no_permission(void **state)
{
    static const struct {
        int64_t sent;
        const char *text; /* sent as it is */
        int64_t want;
    } cases[] = {
        {0,                NULL,           0               },
        {CALL_ANY_VERSION, NULL,           CALL_ANY_VERSION},
        {CALL_NO_VERSION,  NULL,           CALL_NO_VERSION },
        {0,                "seven",        CALL_NO_VERSION },
        {0,                "\"7\", \"8\"", CALL_NO_VERSION },
    };
    struct bus *bus = *state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct call sent = {.clock = &CLOCK_SYSTEM,
                            .deadline_ms = clock_now_ms(&CLOCK_SYSTEM) + LONG_MS,
                            .if_version = cases[i].sent};
        struct message_out out = {.subject = "echo.say"};
        struct message_call_text text;

        message_add_call(&out, &sent, &text);
        message_add_header(&out, HEADER_IF_MATCH, cases[i].text);
        assert_int_equal(link_publish(bus->link, &out, "echo.say", NULL), ST_OK);
        BUS_WAIT(bus, bus->echo.n_handled == i + 1);
        assert_int_equal(bus->echo.last.if_version, cases[i].want);
    }
}

static void a_malformed_caller_is_nobody(void **state)
{
    struct bus *bus = *state;
    struct message_out out = {.subject = "echo.say"};
    const struct call *got = &bus->echo.last;

    message_add_header(&out, HEADER_AUTH_SUBJECT, "admin");
    message_add_header(&out, HEADER_AUTH_ROLES, "admin\tauditor");
    message_add_header(&out, HEADER_AUTH_SESSION, "01890a5d-ac96-774b-bcce-b302099a805");
    message_add_header(&out, HEADER_AUTH_CLIENT, "\xc3\xa4");
    message_add_header(
        &out, HEADER_AUTH_AGENT,
        "a text that is longer than what the gateway makes of a User-Agent, which it "
        "cuts, and so is not of a gateway of ours");
    assert_int_equal(link_publish(bus->link, &out, "echo.say", NULL), ST_OK);
    BUS_WAIT(bus, bus->echo.n_handled == 1);
    assert_string_equal(got->user, "");
    assert_string_equal(got->roles, "");
    assert_true(uuid_is_nil(got->session));
    assert_string_equal(got->client, "");
    assert_string_equal(got->agent, "");
}

static void a_refusal_is_a_reply_with_an_error_code(void **state)
{
    struct bus *bus = *state;
    struct answer answer;

    bus_ask(bus, "echo.refuse", "", LONG_MS, &answer, NULL);
    BUS_WAIT(bus, answer.n > 0);
    assert_int_equal(answer.st, ST_OK);
    assert_int_equal(answer.error_code, 409);
    assert_memory_equal(answer.data, "{\"code\":\"taken\"}", answer.len);
}

static void without_responders_it_fails_at_once_and_only_there(void **state)
{
    struct bus *bus = *state;
    struct answer held, nobody;

    bus_ask(bus, HOLD, "x", LONG_MS, &held, NULL);
    bus_ask(bus, "nobody.home", "x", LONG_MS, &nobody, NULL);
    BUS_WAIT(bus, nobody.n > 0 && bus->echo.n_held == 1);
    assert_int_equal(nobody.st, ST_UNAVAILABLE);
    assert_int_equal(held.n, 0);
    echo_release(&bus->echo);
    BUS_WAIT(bus, held.n > 0);
    assert_answered(&held, "x");
}

static void a_late_reply_finds_nobody(void **state)
{
    struct bus *bus = *state;
    struct answer first, second;

    bus_ask(bus, HOLD, "first", 20, &first, NULL);
    BUS_WAIT(bus, first.n > 0);
    assert_int_equal(first.st, ST_TIMEOUT);
    BUS_WAIT(bus, bus->echo.n_held == 1);
    bus_ask(bus, "echo.say", "second", LONG_MS, &second, NULL); /* takes the same slot */
    echo_release(&bus->echo);
    BUS_WAIT(bus, second.n > 0);
    BUS_WAIT(bus, bus_counter(bus, "hanok_nats_late_replies_total") == 1);
    assert_answered(&second, "second");
    assert_int_equal(first.n, 1);
    assert_int_equal(bus_counter(bus, "hanok_nats_timeouts_total"), 1);
}

static void a_cancelled_request_is_not_heard_of_again(void **state)
{
    struct bus *bus = *state;
    struct answer answer;
    uint64_t token;

    bus_ask(bus, HOLD, "x", LONG_MS, &answer, &token);
    message_client_cancel(bus->client, token);
    message_client_cancel(bus->client, token);
    message_client_cancel(bus->client, UINT64_MAX);
    assert_int_equal(bus_waiting(bus), 0);
    BUS_WAIT(bus, bus->echo.n_held == 1);
    echo_release(&bus->echo);
    BUS_WAIT(bus, bus_counter(bus, "hanok_nats_late_replies_total") == 1);
    assert_int_equal(answer.n, 0);
}

static void what_is_too_large_is_said_so(void **state)
{
    static char much[MESSAGE_PAYLOAD_MAX + 2];
    struct bus *bus = *state;
    struct answer answer;

    memset(much, 'x', sizeof(much) - 1);
    bus_ask(bus, "echo.say", much, LONG_MS, &answer, NULL);
    assert_int_equal(answer.st, ST_TOO_LARGE);
    bus_ask(bus, "echo.huge", "", LONG_MS, &answer, NULL);
    BUS_WAIT(bus, answer.n > 0);
    assert_int_equal(answer.st, ST_OK);
    assert_int_equal(answer.error_code, 500);
    assert_non_null(strstr(answer.data, "\"reply_too_large\""));
}

static void losing_the_link_fails_who_waits_and_it_comes_back(void **state)
{
    struct bus *bus = *state;
    struct answer held[3], after;

    for (size_t i = 0; i < ARRAY_LEN(held); i++)
        bus_ask(bus, HOLD, "x", LONG_MS, &held[i], NULL);
    BUS_WAIT(bus, bus->echo.n_held == ARRAY_LEN(held));
    nats_server_kill(&bus->nats);
    BUS_WAIT(bus, !link_is_up(bus->link) && !link_is_up(bus->echo.link));
    for (size_t i = 0; i < ARRAY_LEN(held); i++) {
        assert_int_equal(held[i].n, 1);
        assert_int_equal(held[i].st, ST_TIMEOUT); /* it may have been executed */
    }
    bus_ask(bus, "echo.say", "x", LONG_MS, &after, NULL);
    assert_int_equal(after.st, ST_UNAVAILABLE);
    assert_true(nats_server_start(&bus->nats));
    BUS_WAIT(bus, link_is_up(bus->link) && link_is_up(bus->echo.link));
    bus_ask(bus, "echo.say", "again", LONG_MS, &after, NULL);
    BUS_WAIT(bus, after.n > 0);
    assert_answered(&after, "again");
}

static void a_frozen_server_is_noticed(void **state)
{
    struct bus *bus = *state;
    struct answer before, after;

    nats_server_freeze(&bus->nats);
    bus_ask(bus, "echo.say", "x", LONG_MS, &before, NULL);
    BUS_WAIT(bus, !link_is_up(bus->link) && !link_is_up(bus->echo.link));
    assert_int_equal(before.st, ST_TIMEOUT);
    nats_server_thaw(&bus->nats);
    BUS_WAIT(bus, link_is_up(bus->link) && link_is_up(bus->echo.link));
    bus_ask(bus, "echo.say", "again", LONG_MS, &after, NULL);
    BUS_WAIT(bus, after.n > 0);
    assert_answered(&after, "again");
}

static void instances_share_the_work(void **state)
{
    static struct answer answers[MANY];
    struct bus *bus = *state;
    struct echo *second = &bus->second;

    echo_init(second, bus);
    for (unsigned i = 0; i < MANY; i++)
        bus_ask(bus, "echo.say", "x", LONG_MS, &answers[i], NULL);
    BUS_WAIT(bus, bus_waiting(bus) == 0);
    for (unsigned i = 0; i < MANY; i++)
        assert_answered(&answers[i], "x");
    assert_int_equal(bus->echo.n_handled + second->n_handled, MANY); /* one each, not both */
    assert_true(bus->echo.n_handled > 0 && second->n_handled > 0);
}

static void an_instance_that_stops_loses_nothing(void **state)
{
    static const char *const SUBJECTS[] = {"echo.say", "echo.work"};
    static struct answer answers[MANY * 4];
    struct bus *bus = *state;
    struct echo *second = &bus->second;
    unsigned asked = 0;

    echo_init(second, bus);
    while (asked < ARRAY_LEN(answers)) { /* a steady stream, some of it anywhere on its way */
        for (; asked < ARRAY_LEN(answers) && bus_waiting(bus) < 64; asked++)
            bus_ask(bus, SUBJECTS[asked % 2], "x", LONG_MS, &answers[asked], NULL);
        loop_turn(bus->loop, 10);
        if (second->n_handled > MANY / 2)
            responder_stop(second->server);
    }
    BUS_WAIT(bus, bus_waiting(bus) == 0);
    BUS_WAIT(bus, responder_open(second->server) == 0);
    assert_int_equal(bus->echo.n_handled + second->n_handled, ARRAY_LEN(answers));
    for (unsigned i = 0; i < ARRAY_LEN(answers); i++)
        assert_answered(&answers[i], "x");
}

/* The first definition that the dynamic linker meets is ours, so libnats asks it too. */
static void what_libnats_takes_for_randomness_is_the_kernels(void **state)
{
    int (*fill)(unsigned char *, int) = NULL;
    unsigned char a[32], b[32];
    Dl_info from, here;

    (void)state;
    *(void **)&fill = dlsym(RTLD_DEFAULT, "RAND_bytes");
    assert_true(fill && dladdr(*(void **)&fill, &from) && dladdr((void *)&HERE, &here));
    assert_ptr_equal(from.dli_fbase, here.dli_fbase);
    assert_int_equal(fill(a, sizeof(a)), 1);
    assert_int_equal(fill(b, sizeof(b)), 1);
    assert_memory_not_equal(a, b, sizeof(a));
    assert_int_equal(fill(a, -1), 0);
}

#define BUS_TEST(name) cmocka_unit_test_setup_teardown(name, bus_setup, bus_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BUS_TEST(a_request_gets_its_reply),
        BUS_TEST(replies_find_their_requests),
        BUS_TEST(what_travels_with_a_call_arrives),
        BUS_TEST(a_version_that_is_none_is_no_permission),
        BUS_TEST(a_malformed_caller_is_nobody),
        BUS_TEST(a_refusal_is_a_reply_with_an_error_code),
        BUS_TEST(without_responders_it_fails_at_once_and_only_there),
        BUS_TEST(a_late_reply_finds_nobody),
        BUS_TEST(a_cancelled_request_is_not_heard_of_again),
        BUS_TEST(what_is_too_large_is_said_so),
        BUS_TEST(losing_the_link_fails_who_waits_and_it_comes_back),
        BUS_TEST(a_frozen_server_is_noticed),
        BUS_TEST(instances_share_the_work),
        BUS_TEST(an_instance_that_stops_loses_nothing),
        cmocka_unit_test(what_libnats_takes_for_randomness_is_the_kernels),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
