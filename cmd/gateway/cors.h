/* cors.h - what pages of other origins are told: OPTIONS, and the fields that let a browser hand an
 * answer over. */
#ifndef CMD_GATEWAY_CORS_H
#define CMD_GATEWAY_CORS_H

#include "cmd/gateway/answer.h"

bool cors_is_options(const struct http_request *http);
/** Answers OPTIONS: what a page may ask that path for, by the row of the method it wants, and
 * Allow. asked->match: of a path that has no OPTIONS of its own, or has not been looked for, for
 * "*". */
void cors_answer_options(struct answer *a, const struct asked *asked,
                         const struct route_table *table);
/** Adds to an answer, but not that to OPTIONS, what the row, or where there is none, what is called
 * default, says. */
void cors_add(struct answer *a, const struct asked *asked, const struct route_table *table);

#endif
