/* header_check.c - what a request head may hold (RFC 9110, RFC 9112). */
#include "tool/http/header_check.h"

#include <arpa/inet.h>
#include <string.h>

#include "tool/core/hex.h"
#include "tool/http/http_bytes.h"

enum { PORT_DIGITS = 5, PORT_MAX = 65535 };

static void refuse(struct header_check *check, int status, const char *why)
{
    if (check->status)
        return;
    check->status = status;
    check->why = why;
}

/* ---- Host (RFC 3986 3.2.2) ---- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_port(const char *text, size_t len)
{
    unsigned port = 0;

    if (len > PORT_DIGITS)
        return false;
    for (size_t i = 0; i < len; i++) {
        if (!is_digit(text[i]))
            return false;
        port = port * 10 + (unsigned)(text[i] - '0');
    }
    return port <= PORT_MAX;
}

static bool is_ipv6(const char *text, size_t len)
{
    char address[INET6_ADDRSTRLEN];
    struct in6_addr parsed;

    if (len >= sizeof(address))
        return false;
    memcpy(address, text, len);
    address[len] = '\0';
    return inet_pton(AF_INET6, address, &parsed) == 1;
}

/* Without the comma, which a name may hold: so look two Hosts that somebody has joined. */
static bool is_name(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c);
        bool escape =
            c == '%' && len - i > 2 && hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0;

        if (!letter && !escape && (c == '\0' || !strchr("-._~!$&'()*+;=", c)))
            return false;
    }
    return len > 0;
}

bool header_check_host(const char *text, size_t len)
{
    const char *end = text + len, *close, *colon;

    if (len > 0 && text[0] == '[') {
        close = memchr(text, ']', len);
        if (!close || !is_ipv6(text + 1, (size_t)(close - text - 1)))
            return false;
        return close + 1 == end ||
               (close[1] == ':' && is_port(close + 2, (size_t)(end - close - 2)));
    }
    colon = memchr(text, ':', len);
    if (!colon)
        return is_name(text, len);
    return is_name(text, (size_t)(colon - text)) && is_port(colon + 1, (size_t)(end - colon - 1));
}

static void check_host(struct header_check *check, const char *value, size_t len)
{
    if (++check->hosts > 1)
        refuse(check, 400, "There is more than one Host.");
    if (len == 0)
        refuse(check, 400, "Host is empty.");
    else if (!header_check_host(value, len))
        refuse(check, 400, "Host is not a host and port.");
}

/* ---- framing ---- */

static void check_length(struct header_check *check, const char *value, size_t len)
{
    uint64_t n = 0;

    if (++check->lengths > 1)
        refuse(check, 400, "There is more than one Content-Length.");
    for (size_t i = 0; i < len; i++) {
        unsigned digit = (unsigned)(value[i] - '0');

        if (value[i] < '0' || value[i] > '9') {
            refuse(check, 400, "Content-Length is not a number.");
            return;
        }
        n = n > (UINT64_MAX - digit) / 10 ? UINT64_MAX : n * 10 + digit;
    }
    if (len == 0)
        refuse(check, 400, "Content-Length is empty.");
    check->content_length = n;
}

/* Takes the next of a comma separated list off it; false at its end. */
static bool next_word(const char **list, size_t *len, const char **word, size_t *word_len)
{
    const char *comma = memchr(*list, ',', *len);
    size_t taken = comma ? (size_t)(comma - *list) : *len;

    if (*len == 0)
        return false;
    *word_len = taken;
    *word = http_strip(*list, word_len);
    taken += comma != NULL;
    *list += taken;
    *len -= taken;
    return true;
}

/* True when chunked is one of the comma separated codings, but not the last one. */
static bool chunked_is_not_last(const char *value, size_t len)
{
    const char *end = value + len, *word;
    size_t word_len;

    while (next_word(&value, &len, &word, &word_len))
        if (http_equals(word, word_len, "chunked") && word + word_len < end)
            return true;
    return false;
}

static void check_encoding(struct header_check *check, const char *value, size_t len)
{
    if (++check->encodings > 1)
        refuse(check, 400, "There is more than one Transfer-Encoding.");
    if (check->http_1_0)
        refuse(check, 400, "HTTP/1.0 has no Transfer-Encoding.");
    if (len == 0 || chunked_is_not_last(value, len))
        refuse(check, 400, "Transfer-Encoding does not end with chunked.");
    if (!http_equals(value, len, "chunked"))
        refuse(check, 501, "The only Transfer-Encoding here is chunked.");
    check->chunked = true;
}

/* ---- the rest ---- */

static void check_expect(struct header_check *check, const char *value, size_t len)
{
    if (check->http_1_0)
        return; /* RFC 9110 10.1.1: knows nothing of it */
    if (http_equals(value, len, "100-continue"))
        check->expects_continue = true;
    else
        refuse(check, 417, "The only expectation met here is 100-continue.");
}

static void check_connection(struct header_check *check, const char *value, size_t len)
{
    const char *word;
    size_t word_len;

    while (next_word(&value, &len, &word, &word_len)) {
        check->close = check->close || http_equals(word, word_len, "close");
        check->keep_alive = check->keep_alive || http_equals(word, word_len, "keep-alive");
    }
}

/* Two of them, and what is in front of us could have believed the other one. */
static void check_single(struct header_check *check, const char *name, size_t len)
{
    static const struct {
        const char *name, *why;
    } SINGLE[] = {
        {"Authorization",   "There is more than one Authorization."  },
        {"Content-Type",    "There is more than one Content-Type."   },
        {"Idempotency-Key", "There is more than one Idempotency-Key."},
    };

    for (unsigned i = 0; i < sizeof(SINGLE) / sizeof(SINGLE[0]); i++) {
        if (!http_equals(name, len, SINGLE[i].name))
            continue;
        if (check->singles & 1U << i)
            refuse(check, 400, SINGLE[i].why);
        check->singles |= 1U << i;
    }
}

void header_check_begin(struct header_check *check, const char *method, const char *version)
{
    size_t len = strlen(method);

    *check = (struct header_check){.http_1_0 = strcmp(version, "HTTP/1.0") == 0};
    if (!http_is_token(method, len))
        refuse(check, 400, "The method is not a token.");
    else if (len > HTTP_METHOD_MAX)
        refuse(check, 501, "This method does not exist.");
}

void header_check_field(struct header_check *check, const char *name, size_t name_len,
                        const char *value, size_t value_len)
{
    if (!http_is_token(name, name_len))
        refuse(check, 400, "A header's name is not a token.");
    if (http_clean_len(value, value_len) < value_len)
        refuse(check, 400, "A header's value holds a control character.");
    if (http_equals(name, name_len, "Host"))
        check_host(check, value, value_len);
    else if (http_equals(name, name_len, "Content-Length"))
        check_length(check, value, value_len);
    else if (http_equals(name, name_len, "Transfer-Encoding"))
        check_encoding(check, value, value_len);
    else if (http_equals(name, name_len, "Expect"))
        check_expect(check, value, value_len);
    else if (http_equals(name, name_len, "Connection"))
        check_connection(check, value, value_len);
    else
        check_single(check, name, name_len);
}

int header_check_end(struct header_check *check)
{
    if (check->encodings && check->lengths)
        refuse(check, 400, "Transfer-Encoding and Content-Length contradict each other.");
    if (!check->hosts && !check->http_1_0)
        refuse(check, 400, "Host is missing.");
    check->close = check->close || (check->http_1_0 && !check->keep_alive);
    return check->status;
}
