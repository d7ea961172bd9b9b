/* outcome.h - what a request led to, as the text that the barrier keeps and a repeat is answered
 * from: "200 7 {reply}" with the ETag's version, "409 0 {problem}" with Retry-After. */
#ifndef TOOL_SERVICE_OUTCOME_H
#define TOOL_SERVICE_OUTCOME_H

#include "tool/once/request_key.h"
#include "tool/service/endpoint.h"

enum { OUTCOME_MAX = REQUEST_KEY_ANSWER_MAX };

/* Left by what undoes a request, before it or after it. The same in every release. */
#define OUTCOME_UNDONE "cancelled"

/** Of st, which is ST_OK and then out is the reply, or a refusal and then call->problem says why
 * (without its errors, if it is too long with them).
 * False, after a log line, when it is longer than OUTCOME_MAX. */
bool outcome_write(const struct endpoint *row, enum status st, const struct call *call,
                   const void *out, char text[OUTCOME_MAX + 1]);
/** Answers from such a text: fills out or call->problem. ST_OK | a refusal (ST_CONFLICT cancelled
 * when it was undone) | ST_INTERNAL, after a log line: it cannot be read */
enum status outcome_read(const struct endpoint *row, const char *text, const struct call *call,
                         void *out);
/** Did what the text tells have an effect? */
bool outcome_was_done(const struct endpoint *row, const char *text, const struct call *call);

#endif
