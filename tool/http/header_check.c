/* header_check.c - what a request head may hold (RFC 9110, RFC 9112). */
#include "tool/http/header_check.h"

#include <string.h>
#include <strings.h>

static void refuse(struct header_check *check, int status, const char *why)
{
    if (check->status)
        return;
    check->status = status;
    check->why = why;
}

static bool is_tchar(unsigned char c)
{
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
        return true;
    return c != '\0' && strchr("!#$%&'*+-.^_`|~", c);
}

static bool is_token(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!is_tchar((unsigned char)text[i]))
            return false;
    return len > 0;
}

static bool has_control(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];

        if ((c < 0x20 && c != '\t') || c == 0x7f)
            return true;
    }
    return false;
}

static bool equals(const char *text, size_t len, const char *want)
{
    return len == strlen(want) && strncasecmp(text, want, len) == 0;
}

static void check_host(struct header_check *check, const char *value, size_t len)
{
    if (++check->hosts > 1)
        refuse(check, 400, "There is more than one Host.");
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)value[i] <= ' ' || strchr("/?#@\\,<>\"", value[i]))
            refuse(check, 400, "Host is not a host and port.");
    if (len == 0)
        refuse(check, 400, "Host is empty.");
}

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

/* True when chunked is one of the comma separated codings, but not the last one. */
static bool chunked_is_not_last(const char *value, size_t len)
{
    const char *end = value + len;

    while (value < end) {
        const char *comma = memchr(value, ',', (size_t)(end - value));
        const char *stop = comma ? comma : end, *last = stop;

        while (value < last && (*value == ' ' || *value == '\t'))
            value++;
        while (last > value && (last[-1] == ' ' || last[-1] == '\t'))
            last--;
        if (comma && equals(value, (size_t)(last - value), "chunked"))
            return true;
        value = comma ? comma + 1 : end;
    }
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
    if (!equals(value, len, "chunked"))
        refuse(check, 501, "The only Transfer-Encoding here is chunked.");
    check->chunked = true;
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
        if (!equals(name, len, SINGLE[i].name))
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
    if (!is_token(method, len))
        refuse(check, 400, "The method is not a token.");
    else if (len > HTTP_METHOD_MAX)
        refuse(check, 501, "This method does not exist.");
}

void header_check_field(struct header_check *check, const char *name, size_t name_len,
                        const char *value, size_t value_len)
{
    if (!is_token(name, name_len))
        refuse(check, 400, "A header's name is not a token.");
    if (has_control(value, value_len))
        refuse(check, 400, "A header's value holds a control character.");
    if (equals(name, name_len, "Host"))
        check_host(check, value, value_len);
    else if (equals(name, name_len, "Content-Length"))
        check_length(check, value, value_len);
    else if (equals(name, name_len, "Transfer-Encoding"))
        check_encoding(check, value, value_len);
    else
        check_single(check, name, name_len);
}

int header_check_end(struct header_check *check)
{
    if (check->encodings && check->lengths)
        refuse(check, 400, "Transfer-Encoding and Content-Length contradict each other.");
    if (!check->hosts && !check->http_1_0)
        refuse(check, 400, "Host is missing.");
    return check->status;
}
