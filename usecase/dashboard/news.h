/* news.h - what the owners of an order's parts say, as the dashboard takes it: heard, and read from
 * them again. */
#ifndef USECASE_DASHBOARD_NEWS_H
#define USECASE_DASHBOARD_NEWS_H

#include "tool/event/hearing.h"
#include "usecase/dashboard/dashboards.h"

/* An owner: the type its states are exported as, the operation that exports them, and what one of
 * them is as news. */
struct dashboard_source {
    const struct event_type *type;
    const struct operation *from;
    /** data: a struct of the type; news is zeroed. Pure. */
    void (*news)(const void *data, struct dashboard *news);
};

enum { DASHBOARD_SOURCES = 4 };
extern const struct dashboard_source DASHBOARD_SOURCE_ROWS[DASHBOARD_SOURCES];

/* hear_fn of struct dashboards, HEAR_LATEST: the events of orders, payments, tickets, deliveries,
 * and of stores. ST_OK | ST_UNAVAILABLE ... */
enum status dashboard_hear_order(void *self, struct transaction *tx, const struct call *call,
                                 const struct event *event, const void *data);
enum status dashboard_hear_payment(void *self, struct transaction *tx, const struct call *call,
                                   const struct event *event, const void *data);
enum status dashboard_hear_ticket(void *self, struct transaction *tx, const struct call *call,
                                  const struct event *event, const void *data);
enum status dashboard_hear_delivery(void *self, struct transaction *tx, const struct call *call,
                                    const struct event *event, const void *data);
/** hear_together_fn of the same but for those of stores. */
enum status dashboard_hear_together(void *self, struct transaction *tx, const struct call *call,
                                    const struct hearing_item items[], size_t n);
enum status dashboard_hear_store(void *self, struct transaction *tx, const struct call *call,
                                 const struct event *event, const void *data);

#endif
