/* discovery_test.c - what `nats micro ls|info|stats` reads (ADR-32). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "test/support/bus.h"
#include "tool/core/mem.h"
#include "tool/core/uuid.h"
#include "tool/message/link_private.h"

enum { LONG_MS = 60000 };

/* Replies to one question, which goes to every instance. */
struct inbox {
    struct link_sub sub;
    unsigned n;
    json_t *last;
};

static void on_reply(void *arg, natsMsg *msg)
{
    struct inbox *inbox = arg;

    json_decref(inbox->last);
    inbox->last = json_loadb(natsMsg_GetData(msg), (size_t)natsMsg_GetDataLength(msg),
                             JSON_REJECT_DUPLICATES, NULL);
    inbox->n++;
    natsMsg_Destroy(msg);
}

/* Asks and waits for as many replies; returns the last one, to be json_decref'd. */
static json_t *discover(struct bus *bus, const char *subject, unsigned replies)
{
    static unsigned number;
    struct inbox inbox = {
        .sub = {.fn = on_reply, .arg = &inbox}
    };

    snprintf(inbox.sub.subject, sizeof(inbox.sub.subject), "%s.discover.%u", link_inbox(bus->link),
             number++);
    link_add_sub(bus->link, &inbox.sub);
    assert_int_equal(link_publish(bus->link, &(struct message_out){0}, subject, inbox.sub.subject),
                     ST_OK);
    BUS_WAIT(bus, inbox.n == replies);
    link_remove_sub(bus->link, &inbox.sub);
    assert_true(json_is_object(inbox.last));
    return inbox.last;
}

static const char *text_at(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    if (!text)
        fail_msg("no text '%s'", key);
    return text;
}

static long long number_at(const json_t *object, const char *key)
{
    if (!json_is_integer(json_object_get(object, key)))
        fail_msg("no integer '%s'", key);
    return json_integer_value(json_object_get(object, key));
}

static const json_t *endpoint_at(const json_t *reply, const char *name)
{
    const json_t *list = json_object_get(reply, "endpoints"), *endpoint;
    size_t i;

    assert_int_equal(json_array_size(list), 5);
    json_array_foreach (list, i, endpoint) {
        if (strcmp(text_at(endpoint, "name"), name) == 0)
            return endpoint;
    }
    fail_msg("no endpoint '%s'", name);
    return NULL;
}

static void each_scope_is_answered_with_who_it_is(void **state)
{
    static const char *const VERBS[] = {"PING", "INFO", "STATS"};
    struct bus *bus = *state;
    json_t *ping = discover(bus, "$SRV.PING", 1);
    struct uuid id;

    assert_true(uuid_parse(text_at(ping, "id"), &id));
    for (size_t i = 0; i < ARRAY_LEN(VERBS) * 3; i++) {
        char subject[128], type[64];
        json_t *reply;

        snprintf(subject, sizeof(subject), "$SRV.%s%s%s%s", VERBS[i / 3], i % 3 > 0 ? ".echo" : "",
                 i % 3 > 1 ? "." : "", i % 3 > 1 ? text_at(ping, "id") : "");
        snprintf(type, sizeof(type), "io.nats.micro.v1.%s_response",
                 i / 3 == 0   ? "ping"
                 : i / 3 == 1 ? "info"
                              : "stats");
        reply = discover(bus, subject, 1);
        assert_string_equal(text_at(reply, "type"), type);
        assert_string_equal(text_at(reply, "name"), "echo");
        assert_string_equal(text_at(reply, "id"), text_at(ping, "id"));
        assert_string_equal(text_at(reply, "version"), "1.2.3");
        assert_true(json_is_object(json_object_get(reply, "metadata")));
        json_decref(reply);
    }
    json_decref(ping);
}

static void info_describes_the_endpoints(void **state)
{
    struct bus *bus = *state;
    json_t *info = discover(bus, "$SRV.INFO.echo", 1), *schema;
    const json_t *say = endpoint_at(info, "say"), *hold = endpoint_at(info, "hold-on-to-it");

    assert_string_equal(text_at(info, "description"), "says it again");
    assert_string_equal(text_at(say, "subject"), "echo.say");
    assert_string_equal(text_at(say, "queue_group"), "q");
    assert_string_equal(text_at(hold, "subject"), "echo.hold.on.to.it");
    assert_true(json_is_object(json_object_get(hold, "metadata")));
    /* A schema is text that is JSON again. */
    schema = json_loads(text_at(json_object_get(say, "metadata"), "request_schema"), 0, NULL);
    assert_string_equal(text_at(schema, "x"), "a\\b");
    json_decref(schema);
    json_decref(info);
}

static void stats_count_requests_errors_and_the_time_of_the_work(void **state)
{
    enum { SAID = 7, REFUSED = 3, HELD_MS = 50 };
    struct bus *bus = *state;
    struct answer answers[SAID + REFUSED + 1];
    json_t *stats;
    const json_t *say, *refuse, *hold;
    int64_t started_us, until_ms;

    for (size_t i = 0; i < SAID + REFUSED; i++)
        bus_ask(bus, i < SAID ? "echo.say" : "echo.refuse", "x", LONG_MS, &answers[i], NULL);
    bus_ask(bus, "echo.hold.on.to.it", "x", LONG_MS, &answers[SAID + REFUSED], NULL);
    BUS_WAIT(bus, bus->echo.n_held == 1);
    until_ms = clock_now_ms(&CLOCK_SYSTEM) + HELD_MS;
    BUS_WAIT(bus, clock_now_ms(&CLOCK_SYSTEM) >= until_ms);
    echo_release(&bus->echo);
    BUS_WAIT(bus, bus_waiting(bus) == 0);

    stats = discover(bus, "$SRV.STATS.echo", 1);
    say = endpoint_at(stats, "say");
    refuse = endpoint_at(stats, "refuse");
    hold = endpoint_at(stats, "hold-on-to-it");
    assert_int_equal(clock_parse(text_at(stats, "started"), &started_us), 0);
    assert_true(started_us <= clock_wall_us(&CLOCK_SYSTEM));
    assert_string_equal(text_at(json_object_get(stats, "data"), "mood"), "good");
    assert_int_equal(number_at(say, "num_requests"), SAID);
    assert_int_equal(number_at(say, "num_errors"), 0);
    assert_string_equal(text_at(say, "last_error"), "");
    assert_true(number_at(say, "processing_time") > 0);
    assert_int_equal(number_at(say, "average_processing_time"),
                     number_at(say, "processing_time") / SAID);
    assert_int_equal(number_at(refuse, "num_requests"), REFUSED);
    assert_int_equal(number_at(refuse, "num_errors"), REFUSED);
    assert_string_equal(text_at(refuse, "last_error"), "409:It is taken.");
    assert_true(number_at(hold, "processing_time") >= HELD_MS * 1000000LL);
    json_decref(stats);
}

static void every_instance_answers(void **state)
{
    struct bus *bus = *state;

    echo_init(&bus->second, bus);
    json_decref(discover(bus, "$SRV.PING.echo", 2));
    responder_stop(bus->second.server);
    BUS_WAIT(bus, responder_open(bus->second.server) == 0);
    json_decref(discover(bus, "$SRV.PING.echo", 1));
}

#define BUS_TEST(name) cmocka_unit_test_setup_teardown(name, bus_setup, bus_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BUS_TEST(each_scope_is_answered_with_who_it_is),
        BUS_TEST(info_describes_the_endpoints),
        BUS_TEST(stats_count_requests_errors_and_the_time_of_the_work),
        BUS_TEST(every_instance_answers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
