/* dashboard.c - how far an order is, as everybody sees it; whether that is what its owners say, and
 * building it anew. */
#include <poll.h>
#include <string.h>

#include "cmd/ctl/ctl.h"
#include "tool/core/mem.h"

#define DASHBOARD "dashboard"

/* What is on its way from an owner to the dashboard makes a difference for a moment. */
enum { TRIES = 4, AGAIN_MS = 500 };

/* clang-format off */
static const struct cell CELLS[] = {
    {"ORDER",    "orderId",        CELL_PLAIN, CELL_NAME},
    {"NUMBER",   "orderNum",       CELL_PLAIN, 0},
    {"STATUS",   "status",         CELL_PLAIN, 0},
    {"PAYMENT",  "paymentStatus",  CELL_PLAIN, 0},
    {"DELIVERY", "deliveryStatus", CELL_PLAIN, 0},
    {"STORE",    "storeName",      CELL_PLAIN, CELL_CUT},
    {"ITEM",     "itemName",       CELL_PLAIN, CELL_CUT},
    {"PRICE",    "price",          CELL_MONEY, 0},
    {"AGE",      "orderDt",        CELL_TIME,  0},
    {"REASON",   "reason",         CELL_PLAIN, CELL_WIDE},
    {"SINCE",    "asOf",           CELL_TIME,  CELL_WIDE},
    {"VERSION",  "version",        CELL_PLAIN, CELL_WIDE},
};
static const struct listing ROWS = {CELLS, ARRAY_LEN(CELLS)};

static const struct cell REBUILD_CELLS[] = {
    {"STATE",   "state",     CELL_PLAIN, 0},
    {"READ",    "items",     CELL_PLAIN, 0},
    {"DONE",    "done",      CELL_PLAIN, 0},
    {"STARTED", "startedAt", CELL_TIME,  0},
    {"ENDED",   "endedAt",   CELL_TIME,  0},
};
static const struct listing REBUILD = {REBUILD_CELLS, ARRAY_LEN(REBUILD_CELLS)};

static const struct cell DIGEST_CELLS[] = {
    {"OF",     "of",     CELL_PLAIN, CELL_NAME},
    {"DIGEST", "digest", CELL_PLAIN, 0},
    {"PARTS",  "parts",  CELL_PLAIN, 0},
    {"WRONG",  "wrong",  CELL_PLAIN, 0},
};
static const struct listing DIGESTS = {DIGEST_CELLS, ARRAY_LEN(DIGEST_CELLS)};
/* clang-format on */

static enum exit_code list(struct session *session)
{
    const char *status = session->options.status, *store = session->options.store;
    json_t *items, *body = json_pack("{s:s*,s:s*}", "status", status[0] ? status : NULL, "storeId",
                                     store[0] ? store : NULL);
    enum exit_code code = shop_list(session, DASHBOARD ".list", body, &items);

    if (code == EXIT_DONE)
        table_print(&session->style, &ROWS, items);
    json_decref(items);
    return code;
}

enum exit_code ctl_dashboard_ls(struct session *session)
{
    return session_watch(session, list);
}

enum exit_code ctl_dashboard_rebuild(struct session *session)
{
    json_t *reply;
    enum exit_code code = shop_ask(session, DASHBOARD ".rebuild", json_object(), &reply);

    if (code == EXIT_DONE) {
        table_print_one(&session->style, &REBUILD, reply);
        json_decref(reply);
    }
    return code;
}

static json_t *digest_query(bool fresh)
{
    return json_pack("{s:b}", "fresh", fresh);
}

enum exit_code ctl_dashboard_digest(struct session *session)
{
    json_t *items = json_array();
    enum exit_code code = EXIT_DONE;

    for (int fresh = 0; fresh < 2 && code == EXIT_DONE; fresh++) {
        json_t *reply;

        code = shop_ask(session, DASHBOARD ".digest", digest_query(fresh), &reply);
        if (code != EXIT_DONE)
            break;
        json_object_set_new(reply, "of", json_string(fresh ? "its owners" : "the dashboard"));
        json_array_append_new(items, reply);
    }
    if (code == EXIT_DONE)
        table_print(&session->style, &DIGESTS, items);
    json_decref(items);
    return code;
}

/* ---- doctor ---- */

enum likeness { ALIKE, UNLIKE, NOT_TOLD };

static enum likeness compare(struct session *session)
{
    json_t *ours = shop_look(session, DASHBOARD ".digest", digest_query(false));
    json_t *theirs = ours ? shop_look(session, DASHBOARD ".digest", digest_query(true)) : NULL;
    enum likeness likeness = NOT_TOLD;

    if (theirs)
        likeness = json_equal(json_object_get(ours, "digest"), json_object_get(theirs, "digest")) &&
                           json_integer_value(json_object_get(ours, "wrong")) == 0
                       ? ALIKE
                       : UNLIKE;
    json_decref(theirs);
    json_decref(ours);
    return likeness;
}

void doctor_look_at_dashboard(struct session *session, const struct found *services, size_t n,
                              json_t *items)
{
    static const char CHECK[] = "the dashboard is what its owners say";
    enum likeness likeness;

    if (!ask_has(services, n, DASHBOARD))
        return;
    likeness = compare(session);
    for (int i = 1; i < TRIES && likeness == UNLIKE; i++) {
        poll(NULL, 0, AGAIN_MS);
        likeness = compare(session);
    }
    if (likeness == NOT_TOLD)
        doctor_add(items, CHECK, "UNKNOWN", DASHBOARD, 0, NULL,
                   "It, or one of order, payment, store and delivery, did not answer in time: "
                   "hanokctl --timeout 60s doctor.");
    else
        doctor_add(items, CHECK, likeness == ALIKE ? "OK" : "BROKEN", DASHBOARD, likeness == UNLIKE,
                   NULL, "hanokctl dashboard rebuild makes it anew; nobody notices.");
}
