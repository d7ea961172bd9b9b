/* http_reader_fuzz.c - any bytes, cut anywhere: the same verdict however they come, and what is
 * taken for a request here is the same request to a second parser (http-parser, where it is
 * installed). */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if __has_include(<http_parser.h>)
#include <http_parser.h>
#define SECOND_PARSER 1
#endif

#include "tool/core/assert.h"
#include "tool/core/mem.h"
#include "tool/http/http_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A path that begins with /s has narrow ones, with /w wide ones. */
static void limits_of(void *arg, const char *method, const char *target, struct http_limits *limits)
{
    (void)arg;
    ASSERT(method[0] && (target[0] == '/' || target[0] == '*'));
    if (strncmp(target, "/s", 2) == 0)
        *limits = (struct http_limits){.head_max = 256, .query_max = 8, .body_max = 64};
    if (strncmp(target, "/w", 2) == 0)
        *limits = (struct http_limits){.head_max = 4096, .body_max = 2048};
}

static const struct http_bounds BOUNDS = {
    .limits = {.head_max = 2048, .body_max = 1024},
      .limits_of = limits_of
};

static size_t read_all(struct http_reader *in, const char *bytes, size_t len, size_t piece)
{
    size_t taken = 0;

    http_reader_init(in);
    while (taken < len && in->state < HTTP_READ_WHOLE) {
        size_t n = piece < len - taken ? piece : len - taken;

        taken += http_reader_take(in, &BOUNDS, bytes + taken, n);
    }
    http_reader_settle(in);
    return taken;
}

static void look_at(const struct http_reader *in)
{
    const char *query;

    ASSERT((in->state == HTTP_READ_REFUSED) == (in->status != 0));
    ASSERT(in->status == 0 || in->why);
    ASSERT(in->status == 0 || in->status == 400 || in->status == 413 || in->status == 414 ||
           in->status == 417 || in->status == 431 || in->status == 501 || in->status == 505);
    ASSERT(in->head_len <= (in->target ? in->limits : BOUNDS.limits).head_max || in->status);
    ASSERT(in->body_len <= in->limits.body_max);
    if (in->state != HTTP_READ_WHOLE)
        return;
    query = strchr(in->head + in->target, '?');
    ASSERT(!query || !in->limits.query_max || strlen(query + 1) <= in->limits.query_max);
    ASSERT(in->head[in->target] == '/' || strcmp(in->head + in->target, "*") == 0);
    for (size_t i = 0; i < in->n_fields; i++)
        ASSERT(in->head[in->fields[i].name] && in->fields[i].value < in->head_len);
}

#ifdef SECOND_PARSER
struct second {
    size_t n_fields, body_len;
    char body[2048];
    bool whole, close;
};

static int on_field(http_parser *parser, const char *text, size_t len)
{
    (void)text;
    (void)len;
    ((struct second *)parser->data)->n_fields++;
    return 0;
}

static int on_body(http_parser *parser, const char *text, size_t len)
{
    struct second *second = parser->data;

    if (second->body_len + len > sizeof(second->body))
        return -1;
    memcpy(second->body + second->body_len, text, len);
    second->body_len += len;
    return 0;
}

static int on_whole(http_parser *parser)
{
    ((struct second *)parser->data)->whole = true;
    http_parser_pause(parser, 1);
    return 0;
}

/* Where both find a request, it is the same one and ends at the same byte. What it does not take
 * (methods that it does not know, characters in a target) is not ours to follow. */
static void compare(const struct http_reader *in, const char *bytes, size_t len, size_t taken)
{
    const http_parser_settings settings = {
        .on_header_field = on_field, .on_body = on_body, .on_message_complete = on_whole};
    struct second second = {0};
    http_parser parser;
    size_t other;

    http_parser_init(&parser, HTTP_REQUEST);
    parser.data = &second;
    other = http_parser_execute(&parser, &settings, bytes, len);
    if (!second.whole || parser.upgrade)
        return;
    /* paused at the last byte of a request, which it has not counted yet */
    ASSERT(other == taken || other + 1 == taken);
    ASSERT(strcmp(http_method_str((enum http_method)parser.method), in->head) == 0);
    ASSERT(second.body_len == in->body_len);
    ASSERT(in->body_len == 0 || memcmp(second.body, in->body, in->body_len) == 0);
    if (in->check.chunked)
        return; /* it takes fields of a trailer for those of the head */
    ASSERT(second.n_fields == in->n_fields);
    ASSERT(in->check.http_1_0 || in->check.keep_alive ||
           (http_should_keep_alive(&parser) == 0) == in->check.close);
}
#endif

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct http_reader whole, pieces;
    const char *bytes = (const char *)data + 1;
    size_t taken, in_pieces;

    if (size < 2)
        return 0;
    taken = read_all(&whole, bytes, size - 1, size - 1);
    in_pieces = read_all(&pieces, bytes, size - 1, data[0] % 16 + 1U);
    look_at(&whole);
    look_at(&pieces);
    ASSERT(whole.state == pieces.state); /* what is wrong twice may be refused for either */
    ASSERT(whole.state != HTTP_READ_WHOLE || taken == in_pieces);
    ASSERT(whole.body_len == pieces.body_len || whole.state != HTTP_READ_WHOLE);
#ifdef SECOND_PARSER
    if (whole.state == HTTP_READ_WHOLE)
        compare(&whole, bytes, size - 1, taken);
#endif
    http_reader_fini(&whole);
    http_reader_fini(&pieces);
    return 0;
}
