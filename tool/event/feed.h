/* feed.h - builds views from nothing: for each HEAR_LATEST row that has a .from, all there is goes
 * through the row's function, as if it had been said just now. What the stream says meanwhile is
 * newer, and stays. */
#ifndef TOOL_EVENT_FEED_H
#define TOOL_EVENT_FEED_H

#include "tool/event/export.h"
#include "tool/event/hearer.h"

struct feed {
    struct hearer *hearer;
    /** Asks another service: a page. As proxy_call. */
    enum status (*ask)(void *arg, const struct call *call, const struct operation *from,
                       const struct export_query *query, struct export_page *page);
    void *arg;
};

/** For a job of one instance: goes on where it was left, which is kept at the barrier; once all is
 * there it has nothing to do, until the barrier forgets that. Blocks until call->deadline_ms at
 * most. ST_OK | ST_PENDING (there is more to do) | ST_UNAVAILABLE and what ask returned else */
enum status feed_go_on(const struct feed *feed, const struct call *call);
/** Whether a row has a .from. */
bool feed_is_wanted(const struct hearing *rows, size_t n);

#endif
