/* dead.c - events that could not be handled: looking at them, trying again, giving them up. */
#include <string.h>

#include "cmd/ctl/ctl.h"
#include "tool/core/mem.h"

/* clang-format off */
static const struct cell CELLS[] = {
    {"EVENT",     "eventId",     CELL_PLAIN, CELL_NAME},
    {"SERVICE",   "service",     CELL_PLAIN, 0},
    {"TYPE",      "type",        CELL_PLAIN, 0},
    {"STATE",     "state",       CELL_PLAIN, 0},
    {"KEY",       "key",         CELL_PLAIN, 0},
    {"ATTEMPTS",  "attempts",    CELL_PLAIN, 0},
    {"REASON",    "reason",      CELL_PLAIN, CELL_CUT},
    {"SINCE",     "since",       CELL_TIME,  0},
    {"HAPPENED",  "saidAt",      CELL_TIME,  CELL_WIDE},
    {"PARTITION", "partition",   CELL_PLAIN, CELL_WIDE},
    {"SEQ",       "streamSeq",   CELL_PLAIN, CELL_WIDE},
    {"SOURCE",    "source",      CELL_PLAIN, CELL_WIDE},
    {"TRACE",     "traceparent", CELL_PLAIN, CELL_WIDE},
    {"DATA",      "data",        CELL_PLAIN, CELL_WIDE},
};
static const struct cell DONE_CELLS[] = {
    {"EVENT",   "eventId", CELL_PLAIN, CELL_NAME},
    {"SERVICE", "service", CELL_PLAIN, 0},
    {"HANDLED", "handled", CELL_PLAIN, 0},
};
/* clang-format on */
static const struct listing LETTERS = {CELLS, ARRAY_LEN(CELLS)};
static const struct listing DONE = {DONE_CELLS, ARRAY_LEN(DONE_CELLS)};

static enum exit_code list(struct session *session)
{
    json_t *items, *body = json_object();
    enum exit_code code;

    if (session->options.key[0])
        json_object_set_new(body, "key", json_string(session->options.key));
    code = ask_items(session, "admin.dead.list", body, false, &items);
    if (code == EXIT_DONE)
        table_print(&session->style, &LETTERS, items);
    json_decref(body);
    json_decref(items);
    return code;
}

enum exit_code ctl_dead_ls(struct session *session)
{
    return session_watch(session, list);
}

static enum exit_code ask(struct session *session, const char *what, const struct listing *listing)
{
    json_t *letter, *body = json_pack("{s:s}", "eventId", session->line->words[0]);
    enum exit_code code = ask_first(session, what, body, &letter);

    if (code == EXIT_DONE)
        table_print_one(&session->style, listing, letter);
    json_decref(letter);
    json_decref(body);
    return code;
}

enum exit_code ctl_dead_show(struct session *session)
{
    return ask(session, "admin.dead.get", &LETTERS);
}

enum exit_code ctl_dead_replay(struct session *session)
{
    return ask(session, "admin.dead.replay", &DONE);
}

enum exit_code ctl_dead_drop(struct session *session)
{
    enum exit_code code = session_confirm(
        session, "This gives up the event, which nobody will handle", session->line->words[0]);

    return code == EXIT_DONE ? ask(session, "admin.dead.drop", &DONE) : code;
}
