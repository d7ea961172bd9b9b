/* sources.h - all that the owners of an order's parts have: of all of them side by side, from the
 * first order to the last. */
#ifndef USECASE_DASHBOARD_SOURCES_H
#define USECASE_DASHBOARD_SOURCES_H

#include "tool/event/export.h"
#include "usecase/dashboard/news.h"

enum { DASHBOARD_BATCH_MAX = DASHBOARD_SOURCES * EXPORT_PAGE_MAX };

/* Some of what there is. */
struct dashboard_batch {
    /* By order, each once: what was said of it in this batch, of all parts. An owner that is not in
     * the order of orders may say the rest of it in another one. */
    struct dashboard rows[DASHBOARD_BATCH_MAX];
    size_t n;
    int64_t items;     /* that rows were made of */
    struct uuid after; /* all up to this key was read: where it goes on */
    bool is_last;
};

struct dashboard_sources;

/** Goes on after that key; nil = from the start. Borrows self. */
struct dashboard_sources *dashboard_sources_open(const struct dashboards *self, struct uuid after);
/** NULL is fine. */
void dashboard_sources_close(struct dashboard_sources *s);
/** The next batch, for which those are asked at once that have to be. What cannot be read is logged
 * and left out. Not after one that was the last. After anything else than ST_OK it may be asked
 * again. ST_OK | ST_UNAVAILABLE and what remote_ask_all returns else */
enum status dashboard_sources_next(struct dashboard_sources *s, const struct call *call,
                                   struct dashboard_batch *batch);

#endif
