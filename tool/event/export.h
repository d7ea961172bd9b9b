/* export.h - all there is of something, in pages, as data of an event's type: for a view that is
 * built from nothing, where the stream no longer has everything. An endpoint like any other:
 *
 *   {ENDPOINT(USER_EXPORT, export_read, struct export_query, struct export_page),
 *    .self = offsetof(struct user, exporter), .pool = "work", .timeout_ms = 2000},
 *
 * and const struct operation USER_EXPORT = EXPORT_OPERATION("user.export"); */
#ifndef TOOL_EVENT_EXPORT_H
#define TOOL_EVENT_EXPORT_H

#include "tool/encoder/event_type.h"
#include "tool/encoder/operation.h"
#include "tool/store/store.h"

enum { EXPORT_PAGE_MAX = 100 }; /* of the longest items: less than a message may have */

struct export_query {
    char type[EVENT_NAME_MAX + 1];
    struct uuid after; /* last of the page before; nil = from the start */
    int64_t limit;     /* 1..EXPORT_PAGE_MAX */
};

struct export_item {
    struct uuid key; /* of the row, by which pages are in order */
    char data[EVENT_DATA_MAX + 1];
};

struct export_page {
    struct export_item items[EXPORT_PAGE_MAX];
    size_t n; /* fewer than limit: there is no more */
};

extern const struct descriptor EXPORT_QUERY, EXPORT_PAGE;
/* The errors of such an operation: 404 not_exported. */
extern const struct operation_error EXPORT_ERRORS[];

/* clang-format off */
#define EXPORT_OPERATION(subject_)                                                                 \
    {.subject = (subject_), .summary = "Tell all there is, in pages", .request = &EXPORT_QUERY,    \
     .reply = &EXPORT_PAGE, .idempotent = true, .internal = true, .errors = EXPORT_ERRORS}
/* clang-format on */

/* A type, with all that are said and have the same data, and the table whose rows are of it. */
struct export_row {
    const struct event_type *type;
    size_t store; /* offsetof its struct store * in the service's struct */
    /** Fills data, zeroed, a struct of type->data. Pure. */
    void (*data)(const void *row, void *data);
    const char *by; /* a unique column, a UUID: whose order they are in, for who joins them with
                       what others export; NULL = the table's key, which is one then */
};

/* The endpoint's object. */
struct exporter {
    const struct export_row *rows;
    size_t n;
    const struct event_type *const *says; /* the service's */
    const void *service;                  /* its struct */
};

/** struct export_query -> struct export_page. ST_OK | ST_NOT_FOUND not_exported | ST_INTERNAL (data
 * longer than EVENT_DATA_MAX) | ST_UNAVAILABLE ... */
enum status export_read(void *self, const struct call *call, const void *in, void *out);

#endif
