/* error_answer.h - a problem as error headers, and as a message where nobody above wrote one. */
#ifndef TOOL_MESSAGE_ERROR_ANSWER_H
#define TOOL_MESSAGE_ERROR_ANSWER_H

#include "tool/message/message.h"

/* Room for what the functions below format; it and the problem live as long as the message_out. */
struct error_text {
    char code[16], retry_after[16], json[1024];
};

/** The detail, or the title of the status. */
const char *error_description(const struct problem *p);
/** Adds Nats-Service-Error, Nats-Service-Error-Code and, where there is one, Retry-After. */
void error_add_headers(struct message_out *out, const struct problem *p, struct error_text *text);
/** Makes *out the whole answer. Only the bare bones of RFC 9457: tool/encoder, which writes full
 * problems, is a layer above. */
void error_make_answer(struct message_out *out, const struct problem *p, struct error_text *text);

#endif
