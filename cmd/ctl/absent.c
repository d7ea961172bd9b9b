/* absent.c - services that should be there and answer nothing: those that others ask, and those for
 * which the stream has consumers. One that is frozen answers no ping, so nothing else would tell.
 */
#include <string.h>

#include "cmd/ctl/ctl.h"

/* The service in front of the first separator; what begins otherwise is none ("$JS"). */
static void note(json_t *names, const char *text, char separator)
{
    const char *end = text ? strchr(text, separator) : NULL;
    char name[NAME_MAX_LEN + 1];

    if (!end || text[0] < 'a' || text[0] > 'z' || (size_t)(end - text) > NAME_MAX_LEN)
        return;
    memcpy(name, text, (size_t)(end - text));
    name[end - text] = '\0';
    json_object_set_new(names, name, json_true());
}

static void note_asked(struct session *session, json_t *names)
{
    json_t *breakers, *one;
    size_t i;

    if (ask_items(session, "admin.breaker.list", NULL, true, &breakers) == EXIT_DONE)
        json_array_foreach (breakers, i, one) {
            note(names, json_string_value(json_object_get(one, "subject")), '.');
        }
    json_decref(breakers);
}

static void note_consumers(struct session *session, json_t *names)
{
    struct answer answer;
    json_t *one;
    size_t i;

    bus_ask(session->bus, "$JS.API.CONSUMER.NAMES.EVENTS", NULL, &answer);
    json_array_foreach (json_object_get(answer.body, "consumers"), i, one) {
        note(names, json_string_value(one), '-');
    }
    answer_fini(&answer);
}

static bool answers(const json_t *statuses, const char *name)
{
    json_t *one;
    size_t i;

    json_array_foreach (statuses, i, one) {
        if (strcmp(json_string_value(json_object_get(one, "service")), name) == 0)
            return true;
    }
    return false;
}

void absent_add(struct session *session, json_t *statuses)
{
    json_t *names = json_object(), *value;
    const char *name;

    note_asked(session, names);
    note_consumers(session, names);
    json_object_foreach (names, name, value) {
        char subject[NAME_MAX_LEN + sizeof(".admin.status")];
        struct answer answer;

        if (answers(statuses, name))
            continue;
        snprintf(subject, sizeof(subject), "%s.admin.status", name);
        bus_ask(session->bus, subject, NULL, &answer);
        if (answer.code == EXIT_TIMEOUT || answer.code == EXIT_UNREACHABLE)
            json_array_append_new(
                statuses, json_pack("{s:s,s:b,s:s}", "service", name, "ready", 0, "missing",
                                    answer.code == EXIT_TIMEOUT ? "does not answer" : "is away"));
        answer_fini(&answer);
    }
    json_decref(names);
}
