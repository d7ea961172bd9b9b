/* outsider.h - who is asked over HTTP and is none of ours, as other services are (tool/remote): a
 * row an operation, by whose descriptors questions are written and answers read. Each question has
 * the call's deadline, a breaker by host, and is counted; connections are kept. */
#ifndef TOOL_OUTSIDE_OUTSIDER_H
#define TOOL_OUTSIDE_OUTSIDER_H

#include "tool/remote/remote.h"

struct breakers;
struct metrics;

enum { OUTSIDER_URL_MAX = 255 };

struct outside_row {
    const struct operation *op;
    const char *route; /* "GET /v1/operations/{key}", "POST /v1/operations": members are in path and
                          query where their rows say so, of a GET all of them; the body of a POST is
                          the whole request */
    size_t answer_max; /* bytes; 0 = 8192 */
};

struct outsider_config {
    const char *name; /* "payment_provider": in its metrics and log lines */
    const char *url; /* "http://127.0.0.1:8090", "https://pay.example.org/api": no slash at the end;
                        at most OUTSIDER_URL_MAX bytes */
    const char *ca; /* PEM file of the CAs that an https server is known by; NULL, "" = the system's
                     */
    int64_t timeout_ms; /* of one question; a call's deadline may be earlier */
    const struct outside_row *rows;
    size_t n_rows;
    struct breakers *breakers; /* the one called "HOST:PORT" of the URL is its own */
    struct metrics *metrics; /* hanok_outside_seconds, hanok_outside_calls_total; NULL = not counted
                              */
};

/** Everything but url is borrowed. Asking is as remote_ops.ask has it, any thread: ST_OK: answered,
 * with a 2xx that makes sense | a refusal: one of the operation's errors, by status and code |
 * ST_UNAVAILABLE, and *asked is false: it never was (no connection came about, its breaker is open,
 * no time was left): nothing has happened | ST_TIMEOUT, ST_UNCERTAIN: not known (silence, a closed
 * connection, a 5xx, an answer that makes no sense) | ST_TOO_LARGE */
struct remote *outsider_create(const struct outsider_config *config);
/** Nobody asks any more. NULL is fine. */
void outsider_destroy(struct remote *outsider);

/** Why such a row cannot be asked; NULL = it can. */
const char *outside_row_fault(const struct outside_row *row);
/** The check of a setting (char[]): why it will not do as url; NULL = it will. */
const char *outsider_url_check(const void *text);

#endif
