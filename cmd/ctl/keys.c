/* keys.c - the keys that sign access tokens, as all instances of auth see them together. */
#include <string.h>

#include "cmd/ctl/ctl.h"
#include "tool/core/mem.h"

#define LIST "auth.admin.keys.list"

/* clang-format off */
static const struct cell CELLS[] = {
    {"KID",       "kid",       CELL_PLAIN, CELL_NAME},
    {"STATE",     "state",     CELL_PLAIN, 0},
    {"BEGINS",    "beginsAt",  CELL_PLAIN, 0},
    {"OVER",      "overAt",    CELL_PLAIN, 0},
    {"INSTANCES", "instances", CELL_PLAIN, 0},
};
/* clang-format on */
static const struct listing KEYS = {CELLS, ARRAY_LEN(CELLS)};

enum exit_code keys_gather(struct session *session, json_t **instances)
{
    struct found *services = mem_alloc(SERVICES_MAX, sizeof(*services));
    enum exit_code code = session_connect(session);
    struct answer answer;
    size_t n = 0, i = 0;

    *instances = NULL;
    if (code == EXIT_DONE)
        code = ask_services(session, services, &n);
    while (i < n && strcmp(services[i].name, "auth") != 0)
        i++;
    if (code == EXIT_DONE) {
        bus_gather(session->bus, LIST, NULL, i < n ? services[i].instances : 0, &answer);
        if (answer.code != EXIT_DONE)
            code = session_no(session, &answer);
        else if (json_array_size(answer.body) == 0)
            code = session_fail(session, EXIT_UNREACHABLE, "auth does not answer; is it running?");
        else
            *instances = json_incref(answer.body);
        answer_fini(&answer);
    }
    free(services);
    return code;
}

static json_t *find(const json_t *keys, const char *kid)
{
    size_t i;
    json_t *one;

    json_array_foreach (keys, i, one) {
        if (strcmp(json_string_value(json_object_get(one, "kid")), kid) == 0)
            return one;
    }
    return NULL;
}

json_t *keys_merge(const json_t *instances)
{
    json_t *all = json_array(), *instance, *key, *known;
    size_t i, k;

    json_array_foreach (instances, i, instance) {
        json_array_foreach (json_object_get(instance, "keys"), k, key) {
            const char *kid = json_string_value(json_object_get(key, "kid"));
            if (!kid)
                continue;
            known = find(all, kid);
            if (!known) {
                known = json_deep_copy(key);
                json_array_append_new(all, known);
            }
            json_object_set_new(
                known, "instances",
                json_integer(json_integer_value(json_object_get(known, "instances")) + 1));
        }
    }
    return all;
}

/* What an operator must see of the folders, beside the keys. */
static enum exit_code say_troubles(const struct session *session, const json_t *instances)
{
    enum exit_code code = EXIT_DONE;
    json_t *instance;
    size_t i;

    json_array_foreach (instances, i, instance) {
        const char *trouble = json_string_value(json_object_get(instance, "trouble"));
        if (trouble)
            code = session_fail(session, EXIT_NOT_SO, "an instance keeps the keys of before: %s",
                                trouble);
    }
    return code;
}

static enum exit_code show(struct session *session)
{
    json_t *instances, *keys;
    enum exit_code code = keys_gather(session, &instances);

    if (code != EXIT_DONE)
        return code;
    keys = keys_merge(instances);
    table_print(&session->style, &KEYS, keys);
    code = say_troubles(session, instances);
    json_decref(keys);
    json_decref(instances);
    return code;
}

enum exit_code ctl_keys_list(struct session *session)
{
    return session_watch(session, show);
}

enum exit_code ctl_keys_rotate(struct session *session)
{
    static const struct listing KEY = {CELLS, ARRAY_LEN(CELLS) - 1};
    bool leaked = session->options.leaked;
    json_t *body = json_pack("{s:b,s:b}", "now", session->options.now, "leaked", leaked);
    enum exit_code code = EXIT_DONE;
    struct answer answer;

    if (leaked)
        code = session_confirm(
            session, "This ends all access tokens at once; whoever has one must refresh", "leaked");
    if (code == EXIT_DONE)
        code = session_connect(session);
    if (code == EXIT_DONE) {
        bus_ask(session->bus, "auth.admin.keys.rotate", body, &answer);
        code = answer.code;
        if (code == EXIT_DONE) {
            table_print_one(&session->style, &KEY, answer.body);
            answer_fini(&answer);
        } else {
            session_no(session, &answer);
        }
    }
    json_decref(body);
    return code;
}
