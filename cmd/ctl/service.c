/* service.c - services and their instances: status, service ls, info, stats, breaker ls. */
#include <string.h>

#include "cmd/ctl/ctl.h"
#include "tool/core/mem.h"

/* clang-format off */
static const struct cell STATUS_CELLS[] = {
    {"SERVICE",  "service",           CELL_PLAIN, CELL_NAME},
    {"INSTANCE", "instance",          CELL_PLAIN, CELL_CUT},
    {"READY",    "ready",             CELL_PLAIN, 0},
    {"MISSING",  "missing",           CELL_PLAIN, CELL_CUT},
    {"REQUESTS", "requests",          CELL_PLAIN, 0},
    {"QUEUED",   "queued",            CELL_PLAIN, 0},
    {"BREAKERS", "openBreakers",      CELL_PLAIN, 0},
    {"SAGAS",    "openSagas",         CELL_PLAIN, 0},
    {"OLDEST",   "oldestSagaSeconds", CELL_S,     0},
    {"EVENTS",   "pendingEvents",     CELL_PLAIN, 0},
    {"MEMORY",   "memoryBytes",       CELL_BYTES, 0},
    {"UP",       "startedAt",         CELL_TIME,  0},
    {"VERSION",  "version",           CELL_PLAIN, CELL_WIDE},
    {"POOLS",    "pools",             CELL_PLAIN, CELL_JSON},
};
static const struct listing STATUS = {STATUS_CELLS, ARRAY_LEN(STATUS_CELLS)};

static const struct cell LS_CELLS[] = {
    {"SERVICE",   "name",      CELL_PLAIN, CELL_NAME},
    {"INSTANCES", "instances", CELL_PLAIN, 0},
};
static const struct listing LS = {LS_CELLS, ARRAY_LEN(LS_CELLS)};

static const struct cell INFO_CELLS[] = {
    {"SUBJECT", "subject",                   CELL_PLAIN, CELL_NAME},
    {"NAME",    "name",                      CELL_PLAIN, 0},
    {"QUEUE",   "queue_group",               CELL_PLAIN, 0},
    {"REQUEST", "metadata.request_schema",   CELL_PLAIN, CELL_WIDE | CELL_CUT},
    {"REPLY",   "metadata.response_schema",  CELL_PLAIN, CELL_WIDE | CELL_CUT},
};
static const struct listing INFO = {INFO_CELLS, ARRAY_LEN(INFO_CELLS)};

static const struct cell STATS_CELLS[] = {
    {"SUBJECT",    "subject",      CELL_PLAIN, CELL_NAME},
    {"REQUESTS",   "num_requests", CELL_PLAIN, 0},
    {"ERRORS",     "num_errors",   CELL_PLAIN, 0},
    {"AVERAGE MS", "averageMs",    CELL_PLAIN, 0},
    {"LAST ERROR", "last_error",   CELL_PLAIN, CELL_CUT},
};
static const struct listing STATS = {STATS_CELLS, ARRAY_LEN(STATS_CELLS)};

static const struct cell BREAKER_CELLS[] = {
    {"SERVICE",  "service",      CELL_PLAIN, 0},
    {"INSTANCE", "instance",     CELL_PLAIN, CELL_CUT},
    {"SUBJECT",  "subject",      CELL_PLAIN, CELL_NAME},
    {"STATE",    "state",        CELL_PLAIN, 0},
};
static const struct listing BREAKERS = {BREAKER_CELLS, ARRAY_LEN(BREAKER_CELLS)};
/* clang-format on */

/* ---- status ---- */

enum { OLD_S = 60 }; /* of a saga, or of an event that is to be sent */

static bool is_well(const json_t *instance)
{
    return json_is_true(json_object_get(instance, "ready")) &&
           json_integer_value(json_object_get(instance, "openBreakers")) == 0 &&
           json_integer_value(json_object_get(instance, "oldestSagaSeconds")) <= OLD_S &&
           json_integer_value(json_object_get(instance, "oldestEventSeconds")) <= OLD_S;
}

static enum exit_code show_status(struct session *session)
{
    json_t *items, *one;
    size_t i;
    enum exit_code code = ask_items(session, "admin.status", NULL, true, &items);

    if (code == EXIT_DONE) {
        if (!session->options.service[0])
            absent_add(session, items);
        table_print(&session->style, &STATUS, items);
    }
    json_array_foreach (items, i, one) {
        if (code == EXIT_DONE && !is_well(one))
            code = EXIT_NOT_SO;
    }
    json_decref(items);
    return code;
}

enum exit_code ctl_status(struct session *session)
{
    return session_watch(session, show_status);
}

/* ---- service ---- */

enum exit_code ctl_service_ls(struct session *session)
{
    struct found *services = mem_alloc(SERVICES_MAX, sizeof(*services));
    enum exit_code code = session_connect(session);
    json_t *items = json_array();
    size_t n = 0;

    if (code == EXIT_DONE)
        code = ask_services(session, services, &n);
    for (size_t i = 0; i < n; i++)
        json_array_append_new(items, json_pack("{s:s,s:I}", "name", services[i].name, "instances",
                                               (json_int_t)services[i].instances));
    if (code == EXIT_DONE)
        table_print(&session->style, &LS, items);
    json_decref(items);
    free(services);
    return code;
}

/* What each instance of a service, or of all, says to a verb of discovery. */
static enum exit_code discover(struct session *session, const char *verb, const char *name,
                               struct answer *out)
{
    char subject[64];
    enum exit_code code = session_connect(session);

    *out = (struct answer){.code = code};
    if (code != EXIT_DONE)
        return code;
    snprintf(subject, sizeof(subject), "$SRV.%s%s%.31s", verb, name ? "." : "", name ? name : "");
    bus_gather(session->bus, subject, NULL, 0, out);
    if (out->code != EXIT_DONE)
        return session_no(session, out);
    if (json_array_size(out->body) > 0)
        return EXIT_DONE;
    answer_fini(out);
    return session_fail(session, EXIT_UNREACHABLE, "no service%s%s answers; is it running?",
                        name ? " " : "", name ? name : "");
}

enum exit_code ctl_service_info(struct session *session)
{
    struct answer answer;
    enum exit_code code = discover(session, "INFO", session->line->words[0], &answer);

    if (code == EXIT_DONE)
        table_print(&session->style, &INFO,
                    json_object_get(json_array_get(answer.body, 0), "endpoints"));
    answer_fini(&answer);
    return code;
}

static void add_number(json_t *sum, const json_t *endpoint, const char *member)
{
    json_int_t n = json_integer_value(json_object_get(sum, member)) +
                   json_integer_value(json_object_get(endpoint, member));

    json_object_set_new(sum, member, json_integer(n));
}

/* Instances of one endpoint are one line. */
static void add_endpoint(json_t *all, const json_t *endpoint)
{
    const char *subject = json_string_value(json_object_get(endpoint, "subject"));
    json_t *sum = subject ? json_object_get(all, subject) : NULL;

    if (!subject)
        return;
    if (!sum) {
        json_object_set_new(all, subject, json_deep_copy(endpoint));
        return;
    }
    add_number(sum, endpoint, "num_requests");
    add_number(sum, endpoint, "num_errors");
    add_number(sum, endpoint, "processing_time");
    if (json_string_length(json_object_get(endpoint, "last_error")) > 0)
        json_object_set(sum, "last_error", json_object_get(endpoint, "last_error"));
}

static void print_stats(const struct session *session, json_t *all)
{
    json_t *items = json_array(), *endpoint;
    const char *subject;

    json_object_foreach (all, subject, endpoint) {
        double requests = (double)json_integer_value(json_object_get(endpoint, "num_requests"));
        double ns = (double)json_integer_value(json_object_get(endpoint, "processing_time"));
        double ms = requests > 0 ? (double)(long long)(ns / requests / 1e4) / 100 : 0;
        json_object_set_new(endpoint, "averageMs", json_real(ms));
        json_array_append(items, endpoint);
    }
    table_print(&session->style, &STATS, items);
    json_decref(items);
}

static enum exit_code show_stats(struct session *session)
{
    struct answer answer;
    enum exit_code code = discover(session, "STATS", session->line->words[0], &answer);
    json_t *all = json_object(), *instance, *endpoint;
    size_t i, e;

    json_array_foreach (answer.body, i, instance) {
        json_array_foreach (json_object_get(instance, "endpoints"), e, endpoint) {
            add_endpoint(all, endpoint);
        }
    }
    if (code == EXIT_DONE)
        print_stats(session, all);
    json_decref(all);
    answer_fini(&answer);
    return code;
}

enum exit_code ctl_service_stats(struct session *session)
{
    return session_watch(session, show_stats);
}

/* ---- breaker ---- */

static enum exit_code show_breakers(struct session *session)
{
    json_t *items;
    enum exit_code code = ask_items(session, "admin.breaker.list", NULL, true, &items);

    if (code == EXIT_DONE)
        table_print(&session->style, &BREAKERS, items);
    json_decref(items);
    return code;
}

enum exit_code ctl_breaker_ls(struct session *session)
{
    return session_watch(session, show_breakers);
}
