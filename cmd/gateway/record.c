/* record.c - see record.h. */
#include "cmd/gateway/record.h"

#include "tool/core/log.h"

void record_request(struct gateway *gw, const struct record *r)
{
    const char *label = routing_label(r->route), *method = http_request_method(r->http);
    int64_t us = clock_wall_us(gw->run.clock) - r->begun_us;

    us = us > 0 ? us : 0;
    routing_count(r->routing, r->route, r->status, us);
    access_log_add(gw->access, &(struct access_entry){
                                   .call = r->call,
                                   .method = method,
                                   .route = label,
                                   .referer = http_request_header(r->http, "Referer"),
                                   .status = r->status,
                                   .bytes = r->bytes,
                                   .begun_us = r->begun_us,
                                   .us = us,
                               });
    /* The template, not the path: an id in a path can be a secret. */
    LOG_LINE(r->status >= 500 ? LOG_WARN : LOG_INFO, "request", LOG_CALL(r->call),
             LOG_TEXT("method", method), LOG_TEXT("route", label), LOG_INT("status", r->status),
             LOG_TEXT("token", r->token_bad), LOG_MS("ms", us), LOG_END);
}
