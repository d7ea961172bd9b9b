/* ask.c - one question to several services. */
#include <string.h>

#include "cmd/ctl/ctl.h"
#include "tool/core/mem.h"

enum { SUBJECT_MAX = 127 };

/* ---- who is there ---- */

static void count_instance(struct found *all, size_t *n, const char *name)
{
    size_t i = 0;

    while (i < *n && strcmp(all[i].name, name) != 0)
        i++;
    if (i == *n) {
        if (i == SERVICES_MAX || !TEXT_COPY(all[i].name, name))
            return;
        all[i].instances = 0;
        (*n)++;
    }
    all[i].instances++;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct found *)a)->name, ((const struct found *)b)->name);
}

enum exit_code ask_services(struct session *session, struct found *out, size_t *n)
{
    const char *only = session->options.service;
    struct answer answer;
    size_t i;
    json_t *one;

    *n = 0;
    bus_gather(session->bus, "$SRV.PING", NULL, 0, &answer);
    if (answer.code != EXIT_DONE)
        return session_no(session, &answer);
    json_array_foreach (answer.body, i, one) {
        const char *name = json_string_value(json_object_get(one, "name"));
        if (name && (!only[0] || strcmp(only, name) == 0))
            count_instance(out, n, name);
    }
    answer_fini(&answer);
    qsort(out, *n, sizeof(*out), by_name);
    if (*n > 0)
        return EXIT_DONE;
    if (only[0])
        return session_fail(session, EXIT_UNREACHABLE, "no service %s answers; is it running?",
                            only);
    return session_fail(session, EXIT_UNREACHABLE, "no service answers; is one running?");
}

bool ask_has(const struct found *services, size_t n, const char *name)
{
    size_t i = 0;

    while (i < n && strcmp(services[i].name, name) != 0)
        i++;
    return i < n;
}

/* ---- all of them ---- */

static void add_item(json_t *items, json_t *item, const char *service)
{
    json_object_set_new(item, "service", json_string(service));
    json_array_append(items, item);
}

static void add_items(const struct session *session, json_t *items, json_t *body,
                      const char *service)
{
    json_t *list = json_object_get(body, "items"), *item;
    size_t i;

    if (!list)
        add_item(items, body, service);
    json_array_foreach (list, i, item) {
        add_item(items, item, service);
    }
    if (json_is_true(json_object_get(body, "more")) && !session->options.quiet)
        fprintf(stderr, "%s: %s has more; a higher --limit shows them\n", session->set->program,
                service);
}

static enum exit_code ask_service(struct session *session, const struct found *service,
                                  const char *what, const json_t *body, bool everyone,
                                  json_t *items)
{
    char subject[SUBJECT_MAX + 1];
    struct answer answer;
    size_t i;
    json_t *one;

    snprintf(subject, sizeof(subject), "%s.%s", service->name, what);
    if (everyone)
        bus_gather(session->bus, subject, body, service->instances, &answer);
    else
        bus_ask(session->bus, subject, body, &answer);
    /* Nobody listens there: it does not know such things. */
    if (answer.code == EXIT_UNREACHABLE && !answer.body && !session->options.service[0]) {
        answer_fini(&answer);
        return EXIT_DONE;
    }
    if (answer.code != EXIT_DONE)
        return session_no(session, &answer);
    if (everyone) {
        json_array_foreach (answer.body, i, one) {
            add_items(session, items, one, service->name);
        }
    } else {
        add_items(session, items, answer.body, service->name);
    }
    answer_fini(&answer);
    return EXIT_DONE;
}

enum exit_code ask_items(struct session *session, const char *what, const json_t *body,
                         bool everyone, json_t **items)
{
    struct found *services = mem_alloc(SERVICES_MAX, sizeof(*services));
    enum exit_code code = session_connect(session);
    size_t n = 0;

    *items = json_array();
    if (code == EXIT_DONE)
        code = ask_services(session, services, &n);
    for (size_t i = 0; i < n && code == EXIT_DONE; i++)
        code = ask_service(session, &services[i], what, body, everyone, *items);
    free(services);
    return code;
}

/* ---- the first that knows it ---- */

static bool is_not_found(const struct answer *answer)
{
    const char *code = json_string_value(json_object_get(answer->body, "code"));

    return (answer->code == EXIT_UNREACHABLE && !answer->body) ||
           (answer->code == EXIT_NOT_SO && code && strcmp(code, "not_found") == 0);
}

static enum exit_code ask_each(struct session *session, const struct found *services, size_t n,
                               const char *what, const json_t *body, json_t **found)
{
    struct answer last = {.code = EXIT_NOT_SO};

    TEXT_COPY(last.why, "no service that is running knows it");
    for (size_t i = 0; i < n; i++) {
        char subject[SUBJECT_MAX + 1];
        struct answer answer;

        snprintf(subject, sizeof(subject), "%s.%s", services[i].name, what);
        bus_ask(session->bus, subject, body, &answer);
        if (answer.code == EXIT_DONE) {
            answer_fini(&last);
            json_object_set_new(answer.body, "service", json_string(services[i].name));
            *found = answer.body;
            return EXIT_DONE;
        }
        if (is_not_found(&answer) && !answer.body) {
            answer_fini(&answer);
            continue;
        }
        answer_fini(&last);
        last = answer;
        if (!is_not_found(&answer))
            break;
    }
    return session_no(session, &last);
}

enum exit_code ask_first(struct session *session, const char *what, const json_t *body,
                         json_t **found)
{
    struct found *services = mem_alloc(SERVICES_MAX, sizeof(*services));
    enum exit_code code = session_connect(session);
    size_t n = 0;

    *found = NULL;
    if (code == EXIT_DONE)
        code = ask_services(session, services, &n);
    if (code == EXIT_DONE)
        code = ask_each(session, services, n, what, body, found);
    free(services);
    return code;
}
