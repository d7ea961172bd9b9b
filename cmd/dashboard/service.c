/* service.c - the dashboard service: how far orders are, as a view of what their owners say. Tables
 * and wiring, no logic. */
#include "cmd/dashboard/dashboard.h"
#include "protocol/dashboard.h"
#include "protocol/delivery.h"
#include "protocol/order.h"
#include "protocol/payment.h"
#include "protocol/store.h"
#include "tool/core/mem.h"
#include "tool/store/mysql/view_tables_mysql.h"
#include "usecase/dashboard/digest.h"
#include "usecase/dashboard/news.h"
#include "usecase/dashboard/reading.h"
#include "usecase/dashboard/rebuild.h"
#include "usecase/dashboard/summary.h"

/* clang-format off */
static const struct setting SETTINGS[] = {
    SETTING(struct dashboard_service, dashboards.day_east_s, "day-tz", SETTING_ZONE, "Asia/Seoul",
            .doc = "where the days of summaries begin: a zone without summer time, or +09:00"),
};

static const struct service_pool POOLS[] = {{"work", 8, 1024}, {"long", 2, 16}};

static const struct endpoint ENDPOINTS[] = {
    {ENDPOINT(DASHBOARD_GET, dashboard_read, struct dashboard_query, struct dashboard_view), .pool = "work",
     .etag = offsetof(struct dashboard_view, version), .lag = offsetof(struct dashboard_view, lag_us), .timeout_ms = 2000},
    {ENDPOINT(DASHBOARD_LIST, dashboard_read_list, struct dashboard_list, struct dashboard_page), .pool = "work", .timeout_ms = 2000},
    {ENDPOINT(DASHBOARD_SUMMARY, dashboard_summarize, struct dashboard_summary_query, struct dashboard_summary),
     .pool = "long", .timeout_ms = 5000},
    {ENDPOINT_CHANGE(DASHBOARD_REBUILD, dashboard_rebuild, struct nothing, struct dashboard_rebuilding), .pool = "work", .timeout_ms = 2000},
    {ENDPOINT(DASHBOARD_DIGEST, dashboard_tell_digest, struct dashboard_digest_query, struct dashboard_digest),
     .pool = "long", .timeout_ms = 60000},
};

/* What has the data of a type, whichever event it is. */
#define HEAR(type_, with_, fn_, from_) {.type = &(type_), .with = (with_), .fn = (fn_), .kind = HEAR_LATEST, .from = &(from_), .together = dashboard_hear_together}

static const struct hearing HEARS[] = {
    HEAR(ORDER_CHANGED, ORDER_EVENTS, dashboard_hear_order, ORDER_EXPORT),
    HEAR(PAYMENT_AUTHORIZED, PAYMENT_EVENTS, dashboard_hear_payment, PAYMENT_EXPORT),
    HEAR(STORE_TICKET_CHANGED, STORE_EVENTS, dashboard_hear_ticket, STORE_EXPORT),
    {.type = &STORE_OPENED, .with = STORE_EVENTS, .fn = dashboard_hear_store, .kind = HEAR_LATEST, .from = &STORE_EXPORT},
    HEAR(DELIVERY_CHANGED, DELIVERY_EVENTS, dashboard_hear_delivery, DELIVERY_EXPORT),
};

static const struct job JOBS[] = {
    {VIEW_TABLES_JOB, offsetof(struct dashboard_service, dashboards), dashboard_rebuild_go_on, 1000, 10000, JOB_ONE_INSTANCE, 0},
};

static const struct service_store STORES[] = {
    {&DASHBOARD_TABLE,         offsetof(struct dashboard_service, dashboards.rows)    },
    {&DASHBOARD_NEXT_TABLE,    offsetof(struct dashboard_service, dashboards.next)    },
    {&DASHBOARD_SHOP_TABLE,    offsetof(struct dashboard_service, dashboards.shops)   },
    {&DASHBOARD_REBUILD_TABLE, offsetof(struct dashboard_service, dashboards.rebuilds)},
};

static const struct operation *const CALLS[] = {&ORDER_EXPORT, &PAYMENT_EXPORT, &STORE_EXPORT, &DELIVERY_EXPORT};
/* clang-format on */

static enum status start(void *self, const struct service_run *run)
{
    struct dashboards *dashboards = &((struct dashboard_service *)self)->dashboards;

    dashboards->tables = view_tables_mysql_create(run->db, &DASHBOARD_TABLE, &DASHBOARD_NEXT_TABLE);
    dashboards->transactor = run->transactor;
    dashboards->remote = run->remote;
    dashboards->cursors = run->cursors;
    dashboards->lag =
        metrics_gauge(run->metrics, "hanok_view_lag_milliseconds",
                      "How old the event heard last was when its row was written.", "");
    return ST_OK;
}

static void stop(void *self)
{
    view_tables_destroy(((struct dashboard_service *)self)->dashboards.tables);
}

const struct service DASHBOARD_SERVICE = {
    .name = "dashboard",
    .summary = "Shows how far orders are: a view of what order, payment, store and delivery say.",
    .size = sizeof(struct dashboard_service),
    ROWS_OF(settings, SETTINGS),
    ROWS_OF(pools, POOLS),
    ROWS_OF(endpoints, ENDPOINTS),
    ROWS_OF(calls, CALLS),
    ROWS_OF(hears, HEARS),
    ROWS_OF(jobs, JOBS),
    ROWS_OF(stores, STORES),
    .invariants = DASHBOARD_INVARIANTS,
    .database = true,
    .unnamed_self = IS_FIRST(struct dashboard_service, dashboards),
    .start = start,
    .stop = stop,
};
