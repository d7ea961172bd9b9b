/* write.h - a use case that changes something, run inside a transaction, and once: the message is
 * entered at the barrier first, its outcome is kept by the commit that makes its effect, and what
 * comes again is answered from there. */
#ifndef TOOL_SERVICE_WRITE_H
#define TOOL_SERVICE_WRITE_H

#include "tool/once/barrier.h"
#include "tool/service/endpoint.h"

/* Read-only once made; everything borrowed. */
struct write {
    const struct endpoint *row;    /* with a .change */
    const struct endpoint *undone; /* the row of what row->undoes; NULL = none */
    void *self;
    struct transactor *transactor;
    struct barrier *barrier; /* NULL unless .once or .undoes */
};

/** in: the decoded request, out: the row's reply struct. Any thread; blocks until the deadline.
 * ST_OK | a refusal, by the use case or by the one whose outcome is kept | what .after returned |
 * ST_INVALID idempotency_key_required | ST_UNPROCESSABLE idempotency_key_reused | ST_CONFLICT
 * cancelled | ST_CONFLICT in_progress (the first of that key still runs) | what transactor.run
 * returns */
enum status write_run(const struct write *write, const struct call *call, const void *in,
                      void *out);

#endif
