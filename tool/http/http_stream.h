/* http_stream.h - an answer that is told piece by piece, for as long as both sides like. Between
 * two pieces the connection is suspended. Loop thread only. */
#ifndef TOOL_HTTP_HTTP_STREAM_H
#define TOOL_HTTP_HTTP_STREAM_H

#include <stdbool.h>

#include "tool/http/http_response.h"

/** Begins to answer: the status and headers of head; its body is not looked at. The owner keeps the
 * request until http_stream_end, or until gone(), which the server must have. */
void http_stream_begin(struct http_request *r, const struct http_response *head);
/** The next piece, copied. False: the client has not taken the one before yet; nothing is done. */
bool http_stream_tell(struct http_request *r, const char *data, size_t len);
/** That was all: what has been told is still sent. The request is no longer the owner's. */
void http_stream_end(struct http_request *r);

#endif
