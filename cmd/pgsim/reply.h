/* reply.h - what is answered. Loop thread. */
#ifndef CMD_PGSIM_REPLY_H
#define CMD_PGSIM_REPLY_H

#include "cmd/pgsim/charge.h"

struct http_request;

void reply_json(struct http_request *http, int status, const char *json, size_t len);
void reply_charge(struct http_request *http, int status, const struct charge *op);
/** application/problem+json (RFC 9457), with what HTTP wants beside such a status. */
void reply_refusal(struct http_request *http, const struct problem *problem);
/** The same, with the code that goes with st. */
void reply_problem(struct http_request *http, enum status st, const char *detail);
/** 404 unknown_operation: a code of its own, since a path that is not ours is a 404 too. */
void reply_unknown(struct http_request *http);
/** 405; allow: "GET, HEAD". */
void reply_not_allowed(struct http_request *http, const char *allow);

#endif
