/* http_answer.h - the bytes of an answer, as they go out. For the files of this layer. */
#ifndef TOOL_HTTP_HTTP_ANSWER_H
#define TOOL_HTTP_HTTP_ANSWER_H

#include "tool/http/http_internal.h"

/** Whether the connection ends with this answer. */
bool http_answer_closes(const struct http_request *r, const struct http_response *res);
/** Sets the request's out: head and body. */
void http_answer_write(struct http_request *r, const struct http_response *res, bool closes);
/** The same, of the head of a stream, which has chunks unless HTTP/1.0 is spoken: then its end is
 * that of the connection. */
void http_answer_write_stream(struct http_request *r, const struct http_response *head);

#endif
