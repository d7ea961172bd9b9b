/* http_chunks.h - the framing of a chunked body (RFC 9112 7.1), byte by byte and strictly. Pure. */
#ifndef TOOL_HTTP_HTTP_CHUNKS_H
#define TOOL_HTTP_HTTP_CHUNKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http_chunks {
    int status;      /* of the HTTP error it is refused with: 400, 413, 431; 0 = sound so far */
    const char *why; /* a sentence for the client; static */
    bool ended;      /* the last byte of the body has been taken */
    int state;       /* private, like the rest */
    unsigned digits;
    uint64_t left;             /* of the chunk */
    size_t extras, extras_max; /* bytes of extensions and trailers */
    bool named;                /* the trailer has its name */
};

/** extras_max: bytes of extensions and trailers that are read, and dropped, in all. */
void http_chunks_init(struct http_chunks *self, size_t extras_max);
/** Takes framing up to the next data, and then data as far as they go. Returns how many bytes were
 * taken; the last *n_data of them are data. Takes all unless the body ends or is refused, or data
 * follow: call again with the rest. */
size_t http_chunks_take(struct http_chunks *self, const char *bytes, size_t len, size_t *n_data);

#endif
