/* admission.h - whether a request may go on: counted by the class of its route, for whoever asks.
 * Loop thread only. */
#ifndef CMD_GATEWAY_ADMISSION_H
#define CMD_GATEWAY_ADMISSION_H

#include "middleware/rate_class.h"
#include "tool/core/call.h"
#include "tool/core/uuid.h"
#include "tool/http/http_response.h"
#include "tool/metrics/metrics.h"

struct admission;

/* Everything borrowed. */
struct admission_config {
    const struct clock *clock;
    const struct entropy *entropy;
    struct metrics *metrics;
    bool off; /* nobody is held */
};

struct admission *admission_create(const struct admission_config *config);
/** NULL is fine. */
void admission_destroy(struct admission *a);

/* What was found; zeroed at first. */
struct rated {
    const struct rate_class *class; /* NULL = nothing is counted; borrowed from the routes */
    struct bucket_level level;
};

/** Counts one request by class, of the caller that call names, or of its client's address where it
 * names none. False: refuse it, as rated says. class NULL = counts nothing. */
bool admission_rate(struct admission *a, const struct rate_class *class, const struct call *call,
                    struct rated *rated);

/* Room for the values of two fields. */
struct rated_text {
    char policy[RATE_FIELD_MAX + 1], limit[RATE_FIELD_MAX + 1];
};

/** Adds RateLimit-Policy and RateLimit, if it was counted; text as long as res is used. */
void rated_add_headers(const struct rated *rated, struct http_response *res,
                       struct rated_text *text);

#endif
