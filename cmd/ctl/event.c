/* event.c - what has happened, as the stream EVENTS has it. It is read message by message, never by
 * a consumer: looking changes nothing. */
#include <stdlib.h>
#include <string.h>

#include "cmd/ctl/ctl.h"
#include "tool/core/mem.h"
#include "tool/ctl/stored_message.h"

/* So many messages are looked at for each that is wanted, where only some are. */
enum { LOOKED_AT = 50 };

/* clang-format off */
static const struct cell CELLS[] = {
    {"SEQ",     "seq",         CELL_PLAIN, 0},
    {"AGE",     "time",        CELL_TIME,  0},
    {"TYPE",    "type",        CELL_PLAIN, 0},
    {"KEY",     "key",         CELL_PLAIN, 0},
    {"SOURCE",  "source",      CELL_PLAIN, 0},
    {"EVENT",   "eventId",     CELL_PLAIN, CELL_WIDE | CELL_NAME},
    {"SUBJECT", "subject",     CELL_PLAIN, CELL_WIDE},
    {"TRACE",   "traceparent", CELL_PLAIN, CELL_WIDE},
    {"DATA",    "data",        CELL_PLAIN, CELL_WIDE},
};
/* clang-format on */
static const struct listing EVENTS = {CELLS, ARRAY_LEN(CELLS)};

/* By the headers of a CloudEvent. */
static json_t *make_item(json_int_t seq, const char *subject, const json_t *headers,
                         const json_t *data)
{
    static const struct {
        const char *member, *header;
    } MEMBERS[] = {
        {"time",        "ce-time"        },
        {"type",        "ce-type"        },
        {"key",         "ce-partitionkey"},
        {"source",      "ce-source"      },
        {"eventId",     "ce-id"          },
        {"traceparent", "traceparent"    },
    };
    json_t *item = json_pack("{s:s,s:O*}", "subject", subject, "data", data);

    if (seq > 0)
        json_object_set_new(item, "seq", json_integer(seq));
    for (size_t i = 0; i < ARRAY_LEN(MEMBERS); i++) {
        json_t *value = json_object_get(headers, MEMBERS[i].header);
        if (value)
            json_object_set(item, MEMBERS[i].member, value);
    }
    return item;
}

static bool is_wanted(const struct options *options, const json_t *item)
{
    const char *type = json_string_value(json_object_get(item, "type"));
    const char *key = json_string_value(json_object_get(item, "key"));

    return (!options->type[0] || (type && strcmp(type, options->type) == 0)) &&
           (!options->key[0] || (key && strcmp(key, options->key) == 0));
}

/* ---- ls ---- */

/* NULL: it is no event. Owned. */
static json_t *read_stored(const json_t *message)
{
    const char *subject = json_string_value(json_object_get(message, "subject"));
    const char *hdrs = json_string_value(json_object_get(message, "hdrs"));
    const char *text = json_string_value(json_object_get(message, "data"));
    size_t n_head = 0, n_body = 0;
    char *head = stored_bytes(hdrs ? hdrs : "", &n_head);
    char *body = stored_bytes(text ? text : "", &n_body);
    json_t *headers = stored_headers(head ? head : "", n_head), *item = NULL;
    json_t *data = json_loadb(body ? body : "", n_body, 0, NULL);

    if (subject)
        item =
            make_item(json_integer_value(json_object_get(message, "seq")), subject, headers, data);
    json_decref(data);
    json_decref(headers);
    free(head);
    free(body);
    return item;
}

static json_t *read_one(struct session *session, json_int_t seq, struct answer *answer)
{
    json_t *body = json_pack("{s:I}", "seq", seq);

    bus_ask(session->bus, "$JS.API.STREAM.MSG.GET.EVENTS", body, answer);
    json_decref(body);
    return answer->code == EXIT_DONE ? read_stored(json_object_get(answer->body, "message")) : NULL;
}

/* From the last one on backwards; items has the oldest in front. */
static enum exit_code read_back(struct session *session, json_int_t first, json_int_t last,
                                json_t *items)
{
    size_t limit = (size_t)session->options.limit, looked = 0;
    json_int_t seq = last;

    for (; seq >= first && seq > 0 && looked < limit * LOOKED_AT && json_array_size(items) < limit;
         seq--, looked++) {
        struct answer answer;
        json_t *item = read_one(session, seq, &answer);

        if (answer.code != EXIT_DONE)
            return session_no(session, &answer);
        if (item && is_wanted(&session->options, item))
            json_array_insert(items, 0, item);
        json_decref(item);
        answer_fini(&answer);
    }
    if (seq >= first && seq > 0 && json_array_size(items) < limit && !session->options.quiet)
        fprintf(stderr,
                "%s: looked at the latest %zu events only; a higher --limit looks further "
                "back\n",
                session->set->program, looked);
    return EXIT_DONE;
}

enum exit_code ctl_event_ls(struct session *session)
{
    enum exit_code code = session_connect(session);
    struct answer answer;
    const json_t *state, *error;
    json_t *items;

    if (code != EXIT_DONE)
        return code;
    bus_ask(session->bus, "$JS.API.STREAM.INFO.EVENTS", NULL, &answer);
    if (answer.code != EXIT_DONE)
        return session_no(session, &answer);
    error = json_object_get(answer.body, "error");
    if (error) {
        code = session_fail(session, EXIT_NOT_SO, "%s",
                            json_string_value(json_object_get(error, "description")));
        answer_fini(&answer);
        return code;
    }
    state = json_object_get(answer.body, "state");
    items = json_array();
    code = read_back(session, json_integer_value(json_object_get(state, "first_seq")),
                     json_integer_value(json_object_get(state, "last_seq")), items);
    if (code == EXIT_DONE)
        table_print(&session->style, &EVENTS, items);
    json_decref(items);
    answer_fini(&answer);
    return code;
}

/* ---- tail ---- */

static bool print_event(void *arg, const char *subject, const json_t *headers, const json_t *data)
{
    struct session *session = arg;
    json_t *item = make_item(0, subject, headers, data);

    if (is_wanted(&session->options, item)) {
        json_t *items = json_pack("[O]", item);
        table_print(&session->style, &EVENTS, items);
        fflush(session->style.out);
        json_decref(items);
        session->style.no_headings = true;
    }
    json_decref(item);
    return true;
}

enum exit_code ctl_event_tail(struct session *session)
{
    enum exit_code code = session_connect(session);
    char why[BUS_WHY_MAX + 1] = "";

    if (code != EXIT_DONE)
        return code;
    session->style.lines = true;
    while ((code = bus_listen(session->bus, "event.>", 0, print_event, session, why)) ==
           EXIT_UNREACHABLE) {
        code = session_connect_again(session);
        if (code != EXIT_DONE)
            return code;
        if (!session->options.quiet)
            fprintf(stderr, "%s: NATS was away; hanokctl event ls has what was said meanwhile\n",
                    session->set->program);
    }
    return code == EXIT_DONE ? code : session_fail(session, code, "%s", why);
}
