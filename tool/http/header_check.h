/* header_check.h - the rules of a request head's fields: framing that two parsers could read
 * differently (request smuggling), Host, names and values, and fields that mean something only when
 * they come once. Pure. */
#ifndef TOOL_HTTP_HEADER_CHECK_H
#define TOOL_HTTP_HEADER_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HTTP_METHOD_MAX = 31 };

struct header_check {
    int status;              /* the first rule broken: HTTP status to refuse with; 0 = none */
    const char *why;         /* a sentence for the client; static */
    uint64_t content_length; /* saturated at UINT64_MAX; 0 when absent */
    bool chunked;
    bool expects_continue;
    bool close, keep_alive; /* after header_check_end, close = this is the connection's last */
    bool http_1_0;          /* private, like the rest */
    unsigned hosts, lengths, encodings;
    unsigned singles; /* bits of the other fields that may come once */
};

/** method and version ("HTTP/1.1") as in the request line. */
void header_check_begin(struct header_check *check, const char *method, const char *version);
/** Each field of the head in turn, without the whitespace around the value. */
void header_check_field(struct header_check *check, const char *name, size_t name_len,
                        const char *value, size_t value_len);
/** True when text[0..len) is a host, or a host and a port: a name, an IPv4 address, an IPv6 address
 * in brackets. */
bool header_check_host(const char *text, size_t len);
/** After the last field. The HTTP status to refuse with (400, 417, 501), after which the connection
 * has to close; 0 = the head is sound. */
int header_check_end(struct header_check *check);

#endif
