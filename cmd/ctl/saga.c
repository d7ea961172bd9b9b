/* saga.c - sagas: what is open, how far one has come, trying again, turning around. */
#include <poll.h>
#include <string.h>

#include "cmd/ctl/ctl.h"
#include "tool/core/mem.h"

enum { WATCH_MS = 500 };

const char *const SAGA_STATES_WANTED[] = {"OPEN",         "ENDED",     "STARTED",     "PROCESSING",
                                          "COMPENSATING", "SUCCEEDED", "COMPENSATED", NULL};

/* clang-format off */
static const struct cell CELLS[] = {
    {"SAGA",       "sagaId",       CELL_PLAIN, CELL_NAME},
    {"SERVICE",    "service",      CELL_PLAIN, 0},
    {"TYPE",       "type",         CELL_PLAIN, 0},
    {"STATE",      "state",        CELL_PLAIN, 0},
    {"STEP",       "step",         CELL_PLAIN, 0},
    {"ATTEMPTS",   "attempts",     CELL_PLAIN, 0},
    {"REASON",     "reason",       CELL_PLAIN, CELL_CUT},
    {"NEXT TRY",   "dueInMs",      CELL_MS,    0},
    {"AGE",        "startedAt",    CELL_TIME,  0},
    {"ABOUT",      "subject",      CELL_PLAIN, CELL_WIDE},
    {"MOVED",      "updatedAt",    CELL_TIME,  CELL_WIDE},
    {"DEADLINE",   "deadlineInMs", CELL_MS,    CELL_WIDE},
    {"UNREADABLE", "unreadable",   CELL_PLAIN, CELL_WIDE | CELL_CUT},
};
static const struct listing SAGAS = {CELLS, ARRAY_LEN(CELLS)};

static const struct cell STEP_CELLS[] = {
    {"STEP",     "name",     CELL_PLAIN, CELL_NAME},
    {"KIND",     "kind",     CELL_PLAIN, 0},
    {"PLACE",    "place",    CELL_PLAIN, 0},
    {"PROGRESS", "progress", CELL_PLAIN, 0},
};
static const struct listing STEPS = {STEP_CELLS, ARRAY_LEN(STEP_CELLS)};
/* clang-format on */

static enum exit_code list(struct session *session)
{
    const struct options *options = &session->options;
    json_t *items, *body = json_pack("{s:s,s:I,s:I}", "state", SAGA_STATES_WANTED[options->state],
                                     "olderThan", (json_int_t)(options->older_ms / 1000), "limit",
                                     (json_int_t)options->limit);
    enum exit_code code;

    if (options->type[0])
        json_object_set_new(body, "type", json_string(options->type));
    code = ask_items(session, "admin.saga.list", body, false, &items);
    if (code == EXIT_DONE)
        table_print(&session->style, &SAGAS, items);
    json_decref(body);
    json_decref(items);
    return code;
}

enum exit_code ctl_saga_ls(struct session *session)
{
    return session_watch(session, list);
}

/* ---- one saga ---- */

static enum exit_code ask(struct session *session, const char *what, json_t **saga)
{
    json_t *body = json_pack("{s:s}", "sagaId", session->line->words[0]);
    enum exit_code code = ask_first(session, what, body, saga);

    json_decref(body);
    return code;
}

static void print(const struct session *session, const json_t *saga)
{
    const json_t *steps = json_object_get(saga, "steps");

    table_print_one(&session->style, &SAGAS, saga);
    if (steps && session->style.format <= TABLE_WIDE) {
        fputc('\n', session->style.out);
        table_print(&session->style, &STEPS, steps);
    }
}

static enum exit_code ask_and_print(struct session *session, const char *what)
{
    json_t *saga;
    enum exit_code code = ask(session, what, &saga);

    if (code == EXIT_DONE)
        print(session, saga);
    json_decref(saga);
    return code;
}

enum exit_code ctl_saga_show(struct session *session)
{
    return ask_and_print(session, "admin.saga.get");
}

enum exit_code ctl_saga_retry(struct session *session)
{
    return ask_and_print(session, "admin.saga.retry");
}

enum exit_code ctl_saga_compensate(struct session *session)
{
    enum exit_code code = session_confirm(session, "This undoes the saga", session->line->words[0]);

    return code == EXIT_DONE ? ask_and_print(session, "admin.saga.compensate") : code;
}

/* Until it ends: 0 when it succeeded. A line each time it moves. */
enum exit_code ctl_saga_watch(struct session *session)
{
    json_t *seen = NULL;
    const char *state = "";
    enum exit_code code;

    session->style.lines = true;
    for (;;) {
        json_t *saga, *items;
        const json_t *moved;

        code = ask(session, "admin.saga.get", &saga);
        if (code != EXIT_DONE)
            break;
        moved = json_object_get(saga, "updatedAt");
        if (!seen || !json_equal(moved, json_object_get(seen, "updatedAt"))) {
            items = json_pack("[O]", saga);
            table_print(&session->style, &SAGAS, items);
            fflush(session->style.out);
            json_decref(items);
            session->style.no_headings = true;
        }
        json_decref(seen);
        seen = saga;
        state = json_string_value(json_object_get(saga, "state"));
        if (state && (strcmp(state, "SUCCEEDED") == 0 || strcmp(state, "COMPENSATED") == 0))
            break;
        poll(NULL, 0, WATCH_MS);
    }
    if (code == EXIT_DONE && state && strcmp(state, "COMPENSATED") == 0)
        code = EXIT_NOT_SO;
    json_decref(seen);
    return code;
}
