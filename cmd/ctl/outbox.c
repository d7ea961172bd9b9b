/* outbox.c - outboxes and their relays: what waits, and sending again. */
#include "cmd/ctl/ctl.h"
#include "tool/core/mem.h"

/* clang-format off */
static const struct cell CELLS[] = {
    {"SERVICE",    "service",    CELL_PLAIN, CELL_NAME},
    {"INSTANCE",   "instance",   CELL_PLAIN, CELL_CUT},
    {"PENDING",    "pending",    CELL_PLAIN, 0},
    {"OLDEST",     "oldestMs",   CELL_MS,    0},
    {"SENT",       "sent",       CELL_PLAIN, 0},
    {"FAILED",     "failed",     CELL_PLAIN, 0},
    {"LOST",       "again",      CELL_PLAIN, 0},
    {"PARTITIONS", "partitions", CELL_PLAIN, 0},
};
/* clang-format on */
static const struct listing LAG = {CELLS, ARRAY_LEN(CELLS)};

static const struct cell REPLAYED_CELLS[] = {
    {"SERVICE",    "service", CELL_PLAIN, CELL_NAME},
    {"SENT AGAIN", "count",   CELL_PLAIN, 0        },
    {"MORE",       "more",    CELL_PLAIN, 0        },
};
static const struct listing REPLAYED = {REPLAYED_CELLS, ARRAY_LEN(REPLAYED_CELLS)};

static enum exit_code show(struct session *session)
{
    json_t *items;
    enum exit_code code = ask_items(session, "admin.outbox.lag", NULL, true, &items);

    if (code == EXIT_DONE)
        table_print(&session->style, &LAG, items);
    json_decref(items);
    return code;
}

enum exit_code ctl_outbox_lag(struct session *session)
{
    return session_watch(session, show);
}

enum exit_code ctl_outbox_replay(struct session *session)
{
    json_t *items, *body = json_pack("{s:I}", "after", (json_int_t)session->options.after);
    enum exit_code code =
        session_confirm(session, "This sends events again that were sent already", "replay");

    if (code == EXIT_DONE) {
        code = ask_items(session, "admin.outbox.replay", body, false, &items);
        if (code == EXIT_DONE)
            table_print(&session->style, &REPLAYED, items);
        json_decref(items);
    }
    json_decref(body);
    return code;
}
