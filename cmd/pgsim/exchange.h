/* exchange.h - a request about an operation, until it is answered: after the sync, after the
 * webhook, late, or never. Loop thread. */
#ifndef CMD_PGSIM_EXCHANGE_H
#define CMD_PGSIM_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http_request;
struct pgsim;
struct card;

struct exchange_plan {
    size_t entry; /* of the book, whose operation is the answer; BOOK_NONE: 404 */
    int status;
    const struct card *card; /* of the authorization that was decided just now, for the webhooks;
                                 NULL = nothing was */
    int64_t delay_ms;
    bool closes; /* instead of an answer */
    bool silent; /* until the client leaves */
};

/** Owns http until then. */
void exchange_begin(struct pgsim *sim, struct http_request *http, const struct exchange_plan *plan);
/** Goes on with all that has waited for the sync; whether there was any. */
bool exchanges_synced(struct pgsim *sim);
/** The client has left. */
void exchange_gone(struct http_request *http);
/** Nobody waits any longer than for his webhook. */
void exchanges_hurry(struct pgsim *sim);
/** No loop, server nor webhooks any more. */
void exchanges_free(struct pgsim *sim);

#endif
