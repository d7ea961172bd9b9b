/* hearer.h - what is done with a delivered event: once, in order, and not for ever. A plain state
 * machine over interfaces: it knows no broker, and who calls it does with the stream what it says.
 */
#ifndef TOOL_EVENT_HEARER_H
#define TOOL_EVENT_HEARER_H

#include "tool/event/dead_letter.h"
#include "tool/event/delivery.h"
#include "tool/once/barrier.h"

enum { HEARER_ATTEMPTS = 5, HEARER_HANDLE_MS = 3000, HEARER_TOGETHER_MAX = 16 };

struct hearer_config {
    const char *service;        /* "audit": its notes at the barrier are "event.audit" */
    const struct hearing *rows; /* kept by pointer */
    size_t n;
    void *self; /* the service's struct */
    struct transactor *transactor;
    struct barrier *barrier;
    struct dead_letters *dead_letters;
    const struct clock *clock;
    unsigned attempts; /* that fail, then it is a dead letter; 0 = HEARER_ATTEMPTS */
};

enum heard {
    /* To be acknowledged: */
    HEARD_HANDLED,
    HEARD_AGAIN,    /* it was handled before */
    HEARD_NOT_OURS, /* nobody here hears that type */
    HEARD_PARKED,
    HEARD_DEAD,
    /* To be delivered again, no sooner than wait_ms from now: */
    HEARD_FAILED, /* an attempt failed */
    HEARD_AWAY,   /* what it needs is not there now */
    HEARD_KINDS
};
/* For metrics: "handled", "again" ... */
extern const char *const HEARD_NAMES[HEARD_KINDS];

struct heard_event {
    enum heard what;
    int64_t wait_ms;
};

struct hearer;

/** Everything borrowed. */
struct hearer *hearer_create(const struct hearer_config *config);
/** NULL is fine. */
void hearer_destroy(struct hearer *hearer);

/** Handles one delivery, HEARER_HANDLE_MS or a little longer at most. Any thread; of each
 * partition one at a time. Whatever was done is committed when it returns: it may be acknowledged,
 * and that may fail. */
struct heard_event hearer_handle(struct hearer *hearer, const struct delivery *delivery);
/** Handles n deliveries, HEARER_TOGETHER_MAX at most, each of another partition; heard[i]: what
 * became of deliveries[i], as hearer_handle says. Those that nothing stands against share a
 * transaction. */
void hearer_handle_all(struct hearer *hearer, const struct delivery *const deliveries[], size_t n,
                       struct heard_event heard[]);
/** Whether a row hears what has this subject; if not there is nothing to handle. Any thread. */
bool hearer_hears(const struct hearer *hearer, const char *subject);
const struct hearer_config *hearer_config(const struct hearer *hearer);

#endif
