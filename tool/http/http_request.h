/* http_request.h - what a request said. Loop thread only; all that is returned is the request's. */
#ifndef TOOL_HTTP_HTTP_REQUEST_H
#define TOOL_HTTP_HTTP_REQUEST_H

#include <stddef.h>

struct http_request; /* from the handler call until http_respond, or until gone() of the server */

const char *http_request_method(const struct http_request *r);
/** The raw target's path: still percent-encoded, without query; at most 8 KiB. */
const char *http_request_path(const struct http_request *r);
/** Behind '?', raw; NULL = none. */
const char *http_request_query(const struct http_request *r);
/** The first header of that name, without case; NULL = none. */
const char *http_request_header(const struct http_request *r, const char *name);
enum { HTTP_LIST_MAX = 1024 }; /* room for what people send */

/** A field that is a list: all headers of that name joined by commas, in buf if there are several;
 * those that buf has no room for are left out. NULL = none. */
const char *http_request_list(const struct http_request *r, const char *name, char *buf,
                              size_t size);
/** The headers of that name, in order: how many are in values; of more than max the last ones. */
size_t http_request_values(const struct http_request *r, const char *name, const char **values,
                           size_t max);
/** Whole body; NUL-terminated for convenience, may contain NUL. */
const char *http_request_body(const struct http_request *r, size_t *len);
/** Peer address as text. */
const char *http_request_peer(const struct http_request *r);
/** One pointer of the owner's, NULL at first. */
void **http_request_data(struct http_request *r);

#endif
