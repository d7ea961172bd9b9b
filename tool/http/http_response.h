/* http_response.h - what a request is answered. Loop thread only. */
#ifndef TOOL_HTTP_HTTP_RESPONSE_H
#define TOOL_HTTP_HTTP_RESPONSE_H

#include <stddef.h>

struct http_request;

enum { HTTP_HEADERS_MAX = 32 };

struct http_response {
    int status;
    const char *body; /* copied */
    size_t len;
    const char *content_type; /* NULL = none */
    struct {
        const char *name, *value; /* copied; CR, LF refused */
    } headers[HTTP_HEADERS_MAX];
    size_t n_headers;
};

/** Adds one; at most HTTP_HEADERS_MAX. */
void http_response_header(struct http_response *res, const char *name, const char *value);
/** Ends request. HEAD is answered without the body by itself. */
void http_respond(struct http_request *r, const struct http_response *res);
/** Ends request, and its connection, without a word: for who plays a server that breaks. */
void http_drop(struct http_request *r);

#endif
