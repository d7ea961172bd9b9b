/* http_reader.h - one request out of the bytes of a connection, strictly by RFC 9112: what is not
 * exactly right is refused, and nothing behind it is read. Keeps what it has read. Pure. */
#ifndef TOOL_HTTP_HTTP_READER_H
#define TOOL_HTTP_HTTP_READER_H

#include "tool/http/header_check.h"
#include "tool/http/http_chunks.h"
#include "tool/http/http_limits.h"

enum { HTTP_FIELDS_MAX = 100 };

struct http_bounds {
    struct http_limits limits; /* head_max also bounds a chunked body's extensions and trailers */
    http_limits_fn limits_of;  /* NULL = those hold for all */
    void *arg;
};

enum http_reading { HTTP_READ_HEAD, HTTP_READ_BODY, HTTP_READ_WHOLE, HTTP_READ_REFUSED };

/* Where in the head a field's name and value are, both NUL-terminated. */
struct http_field {
    uint32_t name, value;
};

struct http_reader {
    enum http_reading state;
    int status;                /* HTTP_READ_REFUSED: the HTTP status, 400..505 */
    const char *why;           /* a sentence for the client; static */
    struct header_check check; /* after the head: close, content_length, expects_continue */
    char *head;                /* NULL = nothing yet; the method is what it begins with */
    size_t head_len, head_size;
    size_t target; /* offset in head, NUL-terminated, begins with / or is "*"; 0 = the
                      request line has not been read, or is refused */
    struct http_field *fields;
    size_t n_fields, fields_size;
    char *body; /* NUL-terminated for convenience; NULL = none */
    size_t body_len, body_size;
    struct http_limits limits; /* this request's, once its target is known */
    struct http_chunks chunks; /* private, like the rest */
    size_t line;               /* where in the head the line begins that is being read */
    bool blank_seen;
};

void http_reader_init(struct http_reader *self);
void http_reader_fini(struct http_reader *self);
/** Takes bytes until the request is whole or refused; returns how many. */
size_t http_reader_take(struct http_reader *self, const struct http_bounds *bounds,
                        const char *bytes, size_t len);
/** Refuses it for what its bytes do not show; status 400..505, why static. */
void http_reader_refuse(struct http_reader *self, int status, const char *why);
/** Gives back the room that was left for more. */
void http_reader_settle(struct http_reader *self);

#endif
