/* doctor.c - see doctor.h. */
#include "tool/service/doctor.h"

#include <stdio.h>
#include <string.h>

#include "tool/core/mem.h"
#include "tool/dbc/column.h"
#include "tool/dbc/hazards.h"

enum { SKEW_MAX_MS = 2000, QUERY_MAX = 2048, COUNTED_MAX = 1000 };

/* clang-format off */
/* Of the sagas that have ended, the latest are looked at: their table may be large. */
static const struct invariant OF_SAGAS[] = {
    {"a saga ends within a minute",
     "SELECT id FROM saga WHERE done = 0 AND started_at < NOW(6) - INTERVAL 60 SECOND",
     "hanokctl saga show ID says at which step it waits and why; put that service right, then "
     "hanokctl saga retry ID."},
    {"a saga's row can be read",
     "SELECT id FROM saga WHERE done = 0 AND (NOT COALESCE(JSON_VALID(data), 0)"
     " OR state NOT IN ('STARTED', 'PROCESSING', 'COMPENSATING'))"
     " UNION ALL SELECT id FROM (SELECT id, state FROM saga WHERE done = 1"
     " ORDER BY wake_at DESC LIMIT 10000) AS latest"
     " WHERE state NOT IN ('SUCCEEDED', 'COMPENSATED')",
     "Run a release that knows what the row says; it goes on with it by itself."},
    {"an ended saga keeps no data",
     "SELECT id FROM (SELECT id, data FROM saga WHERE done = 1"
     " ORDER BY wake_at DESC LIMIT 10000) AS latest WHERE data IS NOT NULL",
     "The data is personal: UPDATE saga SET data = NULL WHERE done = 1, and find out who wrote it."},
    {NULL, NULL, NULL},
};

static const struct invariant OF_OUTBOX[] = {
    {"an event is sent within a minute",
     "SELECT id FROM outbox WHERE partition_no < 16 AND stream_seq = 0"
     " AND created_at < NOW(6) - INTERVAL 60 SECOND",
     "Is NATS up, and the stream EVENTS there? hanokctl outbox lag says which partitions wait."},
    {NULL, NULL, NULL},
};

static const struct invariant OF_EVENTS[] = {
    {"no event waits as a dead letter",
     "SELECT id FROM dead_letter WHERE created_at < NOW(6) - INTERVAL 60 SECOND",
     "hanokctl dead ls says why; mend that, then hanokctl dead replay ID, or drop it."},
    {NULL, NULL, NULL},
};

/* clang-format on */

/* ---- one look ---- */

static struct doctor_item *new_item(struct doctor_report *out, const char *name, const char *advice)
{
    struct doctor_item *item = &out->items[out->n];

    if (out->n == DOCTOR_ITEMS_MAX)
        return NULL;
    out->n++;
    TEXT_COPY(item->check, name);
    TEXT_COPY(item->advice, advice);
    item->verdict = VERDICT_UNKNOWN;
    return item;
}

/* What to do about something that is broken says nothing of what could not be looked at. */
static void judge(struct doctor_item *item, enum status st)
{
    if (st == ST_OK)
        item->verdict = item->count > 0 ? VERDICT_BROKEN : VERDICT_OK;
    else
        TEXT_COPY(item->advice,
                  "It could not be looked at: /readyz and the service's log say why.");
}

/* Counted here: of a statement that is kept and run again, MariaDB 10.11 refuses a COUNT over a
 * derived table (error 1140). */
static enum status count_broken(const struct doctor *doctor, const struct call *call,
                                const char *query, struct doctor_item *item)
{
    char sql[QUERY_MAX];
    struct dbc_conn *conn = NULL;
    enum status st = dbc_take(doctor->db, call, &conn);
    struct dbc_stmt *s;

    if (st != ST_OK)
        return st;
    snprintf(sql, sizeof(sql), "%s LIMIT %d", query, COUNTED_MAX);
    s = dbc_prepare(conn, sql);
    st = dbc_execute(s, call);
    for (item->count = 0; st == ST_OK && dbc_next(s); item->count++) {
        if (item->count == 0)
            dbc_col_uuid(s, &item->example);
    }
    st = dbc_done(s, st);
    dbc_give(doctor->db, conn);
    return st;
}

static void look_at_rows(const struct doctor *doctor, const struct call *call,
                         const struct invariant *rows, struct doctor_report *out)
{
    for (; rows && rows->name; rows++) {
        struct doctor_item *item = new_item(out, rows->name, rows->advice);
        if (item)
            judge(item, count_broken(doctor, call, rows->query, item));
    }
}

/* ---- the database's server ---- */

static void note_hazard(void *arg, const struct dbc_hazard *hazard, const char *value)
{
    struct doctor_item *item = arg;

    item->count++;
    snprintf(item->advice, sizeof(item->advice), "%s is %s: %s", hazard->setting, value,
             hazard->sentence);
}

static void look_at_settings(const struct doctor *doctor, const struct call *call,
                             struct doctor_report *out)
{
    struct doctor_item *item = new_item(out, "the database loses nothing it has said yes to",
                                        "Set the server as deploy/mysql/hanok.cnf does.");

    if (item)
        judge(item, dbc_hazards(doctor->db, call, note_hazard, item));
}

/* Between what we knew before and after the question. */
static int64_t skew_ms(const struct clock *clock, int64_t before_us, int64_t theirs_us)
{
    int64_t after_us = clock_wall_us(clock);

    if (theirs_us < before_us)
        return (before_us - theirs_us) / 1000;
    return theirs_us > after_us ? (theirs_us - after_us) / 1000 : 0;
}

static enum status ask_time(const struct doctor *doctor, const struct call *call, int64_t *ms)
{
    struct dbc_conn *conn = NULL;
    enum status st = dbc_take(doctor->db, call, &conn);
    int64_t before_us = clock_wall_us(doctor->clock), theirs_us = before_us;
    struct dbc_stmt *s;

    if (st != ST_OK)
        return st;
    s = dbc_prepare(conn, "SELECT NOW(6)");
    st = dbc_execute(s, call);
    if (st == ST_OK && dbc_next(s))
        dbc_col_time(s, &theirs_us);
    st = dbc_done(s, st);
    dbc_give(doctor->db, conn);
    *ms = skew_ms(doctor->clock, before_us, theirs_us);
    return st;
}

static void look_at_clocks(const struct doctor *doctor, const struct call *call,
                           struct doctor_report *out)
{
    struct doctor_item *item =
        new_item(out, "the clocks of service and database agree",
                 "They are apart by so many milliseconds: have both machines keep time by NTP.");
    int64_t ms = 0;

    if (!item)
        return;
    judge(item, ask_time(doctor, call, &ms));
    item->count = ms > SKEW_MAX_MS ? ms : 0;
    if (item->count > 0 && item->verdict == VERDICT_OK)
        item->verdict = VERDICT_BROKEN;
}

/* ---- all ---- */

void doctor_examine(const struct doctor *doctor, const struct call *call, struct doctor_report *out)
{
    const struct service *service = doctor->service;

    if (service->sagas)
        look_at_rows(doctor, call, OF_SAGAS, out);
    if (service->says)
        look_at_rows(doctor, call, OF_OUTBOX, out);
    if (service->n_hears > 0)
        look_at_rows(doctor, call, OF_EVENTS, out);
    look_at_rows(doctor, call, service->invariants, out);
    look_at_settings(doctor, call, out);
    look_at_clocks(doctor, call, out);
}

enum status doctor_measure(const struct doctor *doctor, const struct call *call)
{
    struct doctor_report *report = MEM_NEW(struct doctor_report);

    doctor_examine(doctor, call, report);
    for (size_t i = 0; i < report->n; i++) {
        const struct doctor_item *item = &report->items[i];
        char label[160] = "";

        metrics_label(label, sizeof(label), "check", item->check);
        metric_set(metrics_gauge(doctor->metrics, "hanok_doctor_findings",
                                 "How much is not as it must be; -1: it could not be looked at.",
                                 label),
                   item->verdict == VERDICT_UNKNOWN ? -1 : item->count);
    }
    free(report);
    return ST_OK;
}
