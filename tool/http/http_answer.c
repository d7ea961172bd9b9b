/* http_answer.c - see http_answer.h. Written in one piece here: to put it together field by field
 * took libmicrohttpd longer than all that is done to read a request, and the room it has for a head
 * is as small as that of the stand-ins it reads. */
#include "tool/http/http_answer.h"

#include <string.h>
#include <strings.h>
#include <time.h>

#include "tool/core/mem.h"

enum { DIGITS = 20, FIELD_EXTRA = 4, OWN_FIELDS = 128 };

static char *add(char *at, const char *text, size_t len)
{
    memcpy(at, text, len);
    return at + len;
}

static char *add_number(char *at, uint64_t n)
{
    char digits[DIGITS];
    size_t i = sizeof(digits);

    do {
        digits[--i] = (char)('0' + n % 10);
        n /= 10;
    } while (n > 0);
    return add(at, digits + i, sizeof(digits) - i);
}

#define ADD(at, text) add((at), (text), sizeof(text) - 1)

static char *add_field(char *at, const char *name, const char *value)
{
    at = add(at, name, strlen(name));
    at = ADD(at, ": ");
    at = add(at, value, strlen(value));
    return ADD(at, "\r\n");
}

/* RFC 9110 5.6.7, of this second. */
static char *add_date(char *at, struct http_server *server)
{
    time_t now = (time_t)(clock_wall_us(server->config.clock) / 1000000);
    struct tm tm;

    if (now != server->date_s || server->date[0] == '\0') {
        gmtime_r(&now, &tm);
        strftime(server->date, sizeof(server->date), "%a, %d %b %Y %H:%M:%S GMT", &tm);
        server->date_s = now;
    }
    return add_field(at, "Date", server->date);
}

/* One that could end its line, and begin another, is left out; Connection is ours. */
static bool is_sent(const char *name, const char *value)
{
    return value[0] && !strpbrk(value, "\r\n") && strcasecmp(name, "Connection") != 0;
}

bool http_answer_closes(const struct http_request *r, const struct http_response *res)
{
    if (r->in.state == HTTP_READ_REFUSED || r->in.check.close || r->server->draining)
        return true;
    for (size_t i = 0; i < res->n_headers; i++)
        if (strcasecmp(res->headers[i].name, "Connection") == 0)
            return true; /* nothing but close is asked for */
    return false;
}

static size_t room(const struct http_response *res, const char *reason)
{
    size_t size = OWN_FIELDS + DIGITS + strlen(reason) + res->len;

    if (res->content_type)
        size += sizeof("Content-Type") + strlen(res->content_type) + FIELD_EXTRA;
    for (size_t i = 0; i < res->n_headers; i++)
        size += strlen(res->headers[i].name) + strlen(res->headers[i].value) + FIELD_EXTRA;
    return size;
}

static char *add_fields(char *at, const struct http_request *r, const struct http_response *res,
                        bool closes)
{
    if (closes)
        at = add_field(at, "Connection", "close");
    else if (r->in.check.http_1_0)
        at = add_field(at, "Connection", "keep-alive");
    if (res->content_type && is_sent("", res->content_type))
        at = add_field(at, "Content-Type", res->content_type);
    for (size_t i = 0; i < res->n_headers; i++)
        if (is_sent(res->headers[i].name, res->headers[i].value))
            at = add_field(at, res->headers[i].name, res->headers[i].value);
    return at;
}

/* The status line and the fields. Where room for them has been made. */
static char *add_head(char *at, const struct http_request *r, const struct http_response *res,
                      const char *reason, bool closes)
{
    at = ADD(at, "HTTP/1.1 ");
    at = add_number(at, (uint64_t)res->status);
    at = ADD(at, " ");
    at = add(at, reason, strlen(reason));
    at = ADD(at, "\r\n");
    at = add_date(at, r->server);
    return add_fields(at, r, res, closes);
}

void http_answer_write(struct http_request *r, const struct http_response *res, bool closes)
{
    const char *reason = MHD_get_reason_phrase_for((unsigned)res->status);
    bool has_body = res->status != 204 && res->status != 304; /* RFC 9110 6.4.1 */
    char *at;

    r->out = at = mem_alloc(1, room(res, reason));
    at = add_head(at, r, res, reason, closes);
    if (has_body) {
        at = ADD(at, "Content-Length: ");
        at = add_number(at, res->len);
        at = ADD(at, "\r\n");
    }
    at = ADD(at, "\r\n");
    if (has_body && strcmp(http_request_method(r), "HEAD") != 0 && res->len > 0)
        at = add(at, res->body, res->len);
    r->out_len = (size_t)(at - r->out);
}

void http_answer_write_stream(struct http_request *r, const struct http_response *head)
{
    const char *reason = MHD_get_reason_phrase_for((unsigned)head->status);
    bool chunked = !r->in.check.http_1_0;
    char *at;

    r->out = at = mem_alloc(1, room(head, reason));
    at = add_head(at, r, head, reason, !chunked || http_answer_closes(r, head));
    if (chunked)
        at = ADD(at, "Transfer-Encoding: chunked\r\n");
    at = ADD(at, "\r\n");
    r->out_len = (size_t)(at - r->out);
}
