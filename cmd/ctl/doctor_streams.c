/* doctor_streams.c - is what JetStream keeps kept safely, and does somebody take it? */
#include <poll.h>
#include <string.h>

#include "cmd/ctl/ctl.h"
#include "tool/ctl/monitor.h"
#include "tool/encoder/event_type.h"

#define EVENTS "EVENTS"

/* A consumer is looked at twice before it is called stuck. */
enum { AGAIN_MS = 2500, TAKEOVER_MS = 6000, CLUSTER_REPLICAS = 3 };

/* The answer to a question of JetStream's API; NULL: *verdict and *advice say why. Owned. */
static json_t *ask_api(struct session *session, const char *subject, json_int_t offset,
                       const char **verdict, char advice[BUS_WHY_MAX + 1])
{
    json_t *body = offset > 0 ? json_pack("{s:I}", "offset", offset) : NULL, *found = NULL;
    struct answer answer;
    const json_t *error;

    bus_ask(session->bus, subject, body, &answer);
    error = json_object_get(answer.body, "error");
    if (answer.code == EXIT_DONE && !error)
        found = json_incref(answer.body);
    *verdict = answer.code == EXIT_DONE ? "BROKEN" : "UNKNOWN";
    snprintf(advice, BUS_WHY_MAX + 1, "%s",
             error ? json_string_value(json_object_get(error, "description")) : answer.why);
    answer_fini(&answer);
    json_decref(body);
    return found;
}

static void look_at_stream(struct session *session, json_t *items)
{
    static const char CHECK[] = "the stream " EVENTS " keeps what it is given";
    char advice[BUS_WHY_MAX + 1];
    const char *verdict;
    json_t *info = ask_api(session, "$JS.API.STREAM.INFO." EVENTS, 0, &verdict, advice);
    const json_t *config = json_object_get(info, "config");
    const char *storage = json_string_value(json_object_get(config, "storage"));
    json_int_t replicas = json_integer_value(json_object_get(config, "num_replicas"));
    bool clustered =
        json_string_length(json_object_get(json_object_get(info, "cluster"), "name")) > 0;

    if (!info)
        doctor_add(items, CHECK, verdict, "nats", 1, NULL, advice);
    else if (!storage || strcmp(storage, "file") != 0)
        doctor_add(items, CHECK, "BROKEN", "nats", 1, NULL,
                   "It is in memory only: remove it and run hanok-streams; relays feed it again.");
    else if (clustered && replicas < CLUSTER_REPLICAS)
        doctor_add(items, CHECK, "BROKEN", "nats", 1, NULL,
                   "One server alone has it: hanok-streams --replicas 3.");
    else
        doctor_add(items, CHECK, "OK", "nats", 0, NULL, "hanok-streams makes it.");
    json_decref(info);
}

/* All consumers, by name; NULL as ask_api. Owned. */
static json_t *ask_consumers(struct session *session, const char **verdict,
                             char advice[BUS_WHY_MAX + 1])
{
    json_t *all = json_object(), *page, *list, *one;
    size_t i;
    json_int_t total;

    do {
        page = ask_api(session, "$JS.API.CONSUMER.LIST." EVENTS, (json_int_t)json_object_size(all),
                       verdict, advice);
        list = json_object_get(page, "consumers");
        total = json_integer_value(json_object_get(page, "total"));
        json_array_foreach (list, i, one) {
            json_object_set(all, json_string_value(json_object_get(one, "name")), one);
        }
        i = json_array_size(list);
        json_decref(page);
    } while (i > 0 && (json_int_t)json_object_size(all) < total);
    if (page)
        return all;
    json_decref(all);
    return NULL;
}

static json_int_t number(const json_t *consumer, const char *member)
{
    return json_integer_value(json_object_get(consumer, member));
}

static bool waits(const json_t *consumer)
{
    return number(consumer, "num_pending") + number(consumer, "num_ack_pending") > 0;
}

static bool is_pulled(const json_t *consumer)
{
    return number(consumer, "num_waiting") + number(consumer, "num_ack_pending") > 0;
}

static json_int_t taken(const json_t *consumer)
{
    return number(json_object_get(consumer, "ack_floor"), "consumer_seq");
}

/* Counts those that were so both times. now NULL: the first time. */
static void count_slow(const json_t *before, const json_t *now, json_int_t *behind,
                       json_int_t *alone, const char **example)
{
    const char *name;
    json_t *then;

    *behind = *alone = 0;
    json_object_foreach ((json_t *)before, name, then) {
        const json_t *again = now ? json_object_get(now, name) : then;
        bool slow = waits(then) && waits(again) && taken(then) == taken(again);
        bool lonely = !is_pulled(then) && !is_pulled(again);
        *behind += slow;
        *alone += lonely;
        if (slow || lonely)
            *example = name;
    }
}

static void look_at_consumers(struct session *session, json_t *items)
{
    static const char BEHIND[] = "every consumer takes what is there";
    static const char ALONE[] = "every partition has somebody who takes its events";
    char advice[BUS_WHY_MAX + 1];
    const char *verdict, *example = "";
    json_t *first = ask_consumers(session, &verdict, advice), *second = NULL;
    json_int_t behind, alone;

    if (!first) {
        doctor_add(items, BEHIND, verdict, "nats", 0, NULL, advice);
        return;
    }
    count_slow(first, NULL, &behind, &alone, &example);
    if (behind + alone > 0) {
        poll(NULL, 0, AGAIN_MS);
        second = ask_consumers(session, &verdict, advice);
        count_slow(first, second, &behind, &alone, &example);
    }
    doctor_add(items, BEHIND, behind > 0 ? "BROKEN" : "OK", "nats", behind, behind ? example : NULL,
               "The service whose name it has cannot handle its next event: its log says why.");
    doctor_add(items, ALONE, alone > 0 ? "BROKEN" : "OK", "nats", alone, alone ? example : NULL,
               "No instance of the service whose name it has takes them: start one, or remove the "
               "consumer of a service that is no more.");
    json_decref(second);
    json_decref(first);
}

/* ---- the server ---- */

/* Servers before 2.10 cannot have each message on disk, and say nothing of it. */
static void look_at_server(struct session *session, json_t *items)
{
    static const char CHECK[] = "nats-server has on disk what it has said yes to";
    char why[MONITOR_WHY_MAX + 1];
    json_t *varz =
        monitor_get(session->options.monitor, "/varz", (int)session->options.timeout_ms, why);
    const json_t *config = json_object_get(json_object_get(varz, "jetstream"), "config");
    bool knows = json_object_get(config, "sync_interval") || json_object_get(config, "sync_always");

    if (!varz)
        doctor_add(items, CHECK, "UNKNOWN", "nats", 0, NULL, why);
    else if (!config)
        doctor_add(items, CHECK, "BROKEN", "nats", 1, NULL, "It has no JetStream.");
    else if (!knows)
        doctor_add(items, CHECK, "SKIPPED", "nats", 0, NULL,
                   "It is too old to be told so; what a power loss takes is fed to it again.");
    else
        doctor_add(items, CHECK,
                   json_is_true(json_object_get(config, "sync_always")) ? "OK" : "BROKEN", "nats",
                   !json_is_true(json_object_get(config, "sync_always")), NULL,
                   "Set sync_interval: always in its jetstream block.");
    json_decref(varz);
}

/* ---- relays ---- */

/* Adds the partitions that each instance relays to those of its service: {"auth":{"00":true,...}}
 */
static json_t *ask_relays(struct session *session)
{
    json_t *relays = json_object(), *instances, *one;
    size_t i;

    ask_items(session, "admin.outbox.lag", NULL, true, &instances);
    json_array_foreach (instances, i, one) {
        const char *service = json_string_value(json_object_get(one, "service"));
        const char *partitions = json_string_value(json_object_get(one, "partitions"));
        json_t *held = json_object_get(relays, service);
        if (!held)
            json_object_set_new(relays, service, held = json_object());
        for (const char *at = partitions; at && *at; at += strspn(at, " ")) {
            char name[8];
            size_t len = strcspn(at, " ");
            snprintf(name, sizeof(name), "%.*s", (int)len, at);
            json_object_set_new(held, name, json_true());
            at += len;
        }
    }
    json_decref(instances);
    return relays;
}

static json_int_t left_out(const json_t *held)
{
    return EVENT_PARTITIONS - (json_int_t)json_object_size(held);
}

/* A partition whose relay has died is somebody's within seconds. */
static void look_at_relays(struct session *session, json_t *items)
{
    json_t *relays = ask_relays(session), *again = NULL, *held;
    const char *service;
    bool suspicious = false;

    json_object_foreach (relays, service, held)
        suspicious |= left_out(held) > 0;
    if (suspicious) {
        poll(NULL, 0, TAKEOVER_MS);
        again = ask_relays(session);
    }
    json_object_foreach (relays, service, held) {
        json_int_t n = again ? left_out(json_object_get(again, service)) : left_out(held);
        doctor_add(items, "every partition of the outbox has a relay", n > 0 ? "BROKEN" : "OK",
                   service, n, NULL, "hanokctl outbox lag says who has which; the log, why not.");
    }
    json_decref(again);
    json_decref(relays);
}

void doctor_look_at_streams(struct session *session, json_t *items)
{
    look_at_relays(session, items);
    look_at_stream(session, items);
    if (session->options.monitor[0])
        look_at_server(session, items);
    look_at_consumers(session, items);
}
