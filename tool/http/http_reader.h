/* http_reader.h - one request out of the bytes of a connection, strictly by RFC 9112: what is not
 * exactly right is refused, and nothing behind it is read. Keeps what it has read. Pure. */
#ifndef TOOL_HTTP_HTTP_READER_H
#define TOOL_HTTP_HTTP_READER_H

#include "tool/http/header_check.h"
#include "tool/http/http_chunks.h"

enum { HTTP_FIELDS_MAX = 100 };

struct http_bounds {
    size_t head_max, body_max; /* bytes; head_max also bounds a chunked body's extensions and
                                  trailers */
    /** body_max of a request that has a body, once its head is read; NULL = as it is. target: raw,
     * with its query. */
    size_t (*body_max_of)(void *arg, const char *method, const char *target);
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
    size_t body_len, body_size, body_max;
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
