/* answer.h - all the ways an exchange is answered. Each ends it. */
#ifndef CMD_GATEWAY_ANSWER_H
#define CMD_GATEWAY_ANSWER_H

#include "cmd/gateway/exchange.h"
#include "tool/message/message.h"

/** What a service said: its JSON, or its problem. */
void answer_reply(struct exchange *x, const struct message *reply);
/** The gateway's own refusal, in the words that go with st. */
void answer_status(struct exchange *x, enum status st);
/** 400 invalid_request. */
void answer_invalid(struct exchange *x, const char *detail);
void answer_problem(struct exchange *x, const struct problem *problem);
/** /welcome and the others that send no message. */
void answer_built_in(struct exchange *x);
/** Adds what every answer carries, and sends it. */
void answer_send(struct exchange *x, struct http_response *res);

#endif
