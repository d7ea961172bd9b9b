/* json_out.c - JSON into a fixed buffer. */
#include "tool/core/json_out.h"

#include <stdio.h>
#include <string.h>

void json_out_init(struct json_out *o, char *buf, size_t size)
{
    *o = (struct json_out){.buf = buf, .size = size, .overflow = size == 0};
    if (size > 0)
        buf[0] = '\0';
}

static void put(struct json_out *o, const char *text, size_t len)
{
    if (o->overflow || len >= o->size - o->len) {
        o->overflow = true;
        return;
    }
    memcpy(o->buf + o->len, text, len);
    o->len += len;
    o->buf[o->len] = '\0';
}

static void put_comma(struct json_out *o)
{
    if (o->comma)
        put(o, ",", 1);
    o->comma = true;
}

void json_out_open(struct json_out *o, char bracket)
{
    put_comma(o);
    put(o, &bracket, 1);
    o->comma = false;
}

void json_out_close(struct json_out *o, char bracket)
{
    put(o, &bracket, 1);
    o->comma = true;
}

/* Length of the well-formed UTF-8 sequence (RFC 3629) at p, 0 when there is none. */
static size_t sequence_len(const unsigned char *p, size_t left)
{
    static const struct {
        unsigned char first, last, second_min, second_max, len;
    } ROWS[] = {
        {0xc2, 0xdf, 0x80, 0xbf, 2},
        {0xe0, 0xe0, 0xa0, 0xbf, 3},
        {0xe1, 0xec, 0x80, 0xbf, 3},
        {0xed, 0xed, 0x80, 0x9f, 3},
        {0xee, 0xef, 0x80, 0xbf, 3},
        {0xf0, 0xf0, 0x90, 0xbf, 4},
        {0xf1, 0xf3, 0x80, 0xbf, 4},
        {0xf4, 0xf4, 0x80, 0x8f, 4},
    };

    for (size_t i = 0; i < sizeof(ROWS) / sizeof(ROWS[0]); i++) {
        if (p[0] < ROWS[i].first || p[0] > ROWS[i].last)
            continue;
        if (left < ROWS[i].len || p[1] < ROWS[i].second_min || p[1] > ROWS[i].second_max)
            return 0;
        for (size_t k = 2; k < ROWS[i].len; k++)
            if ((p[k] & 0xc0) != 0x80)
                return 0;
        return ROWS[i].len;
    }
    return 0;
}

static void put_escape(struct json_out *o, unsigned char c)
{
    static const char *const SHORT[] = {
        ['\b'] = "\\b", ['\f'] = "\\f", ['\n'] = "\\n",  ['\r'] = "\\r",
        ['\t'] = "\\t", ['"'] = "\\\"", ['\\'] = "\\\\",
    };
    char text[8];

    if (c < sizeof(SHORT) / sizeof(SHORT[0]) && SHORT[c]) {
        put(o, SHORT[c], 2);
    } else {
        snprintf(text, sizeof(text), "\\u%04x", c);
        put(o, text, 6);
    }
}

/* As it is inside of a JSON text. */
static bool is_plain(unsigned char c)
{
    return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

static void put_text(struct json_out *o, const char *text, size_t len)
{
    const unsigned char *p = (const unsigned char *)text;
    size_t start = 0, at = 0;

    put(o, "\"", 1);
    while (at < len) {
        unsigned char c = p[at];
        size_t n;

        if (is_plain(c)) {
            at++;
            continue;
        }
        n = c < 0x80 ? 1 : sequence_len(p + at, len - at);
        if (n == 1) {
            put(o, text + start, at - start);
            put_escape(o, c);
            start = at + 1;
        } else if (n == 0) {
            put(o, text + start, at - start);
            put(o, "\xef\xbf\xbd", 3);
            start = at + 1;
        }
        at += n ? n : 1;
    }
    put(o, text + start, at - start);
    put(o, "\"", 1);
}

bool json_out_is_utf8(const char *text, size_t len)
{
    const unsigned char *p = (const unsigned char *)text;

    for (size_t at = 0, n; at < len; at += n) {
        n = p[at] < 0x80 ? 1 : sequence_len(p + at, len - at);
        if (n == 0)
            return false;
    }
    return true;
}

void json_out_key(struct json_out *o, const char *key)
{
    put_comma(o);
    put_text(o, key, strlen(key));
    put(o, ":", 1);
    o->comma = false;
}

void json_out_text(struct json_out *o, const char *text)
{
    json_out_text_n(o, text, strlen(text));
}

void json_out_text_n(struct json_out *o, const char *text, size_t len)
{
    put_comma(o);
    put_text(o, text, len);
}

/* The digits of v before end, at least n of them; where they begin. */
static char *digits_before(char *end, uint64_t v, int n)
{
    for (; v > 0 || n > 0; v /= 10, n--)
        *--end = (char)('0' + v % 10);
    return end;
}

static uint64_t size_of(int64_t v)
{
    return v < 0 ? -(uint64_t)v : (uint64_t)v;
}

void json_out_int(struct json_out *o, int64_t v)
{
    char text[24], *end = text + sizeof(text), *at = digits_before(end, size_of(v), 1);

    if (v < 0)
        *--at = '-';
    json_out_raw(o, at, (size_t)(end - at));
}

void json_out_thousandths(struct json_out *o, int64_t v)
{
    char text[24], *end = text + sizeof(text), *at = digits_before(end, size_of(v) % 1000, 3);

    while (end > at && end[-1] == '0')
        end--;
    if (end > at)
        *--at = '.';
    at = digits_before(at, size_of(v) / 1000, 1);
    if (v < 0)
        *--at = '-';
    json_out_raw(o, at, (size_t)(end - at));
}

void json_out_bool(struct json_out *o, bool v)
{
    json_out_raw(o, v ? "true" : "false", v ? 4 : 5);
}

void json_out_null(struct json_out *o)
{
    json_out_raw(o, "null", 4);
}

void json_out_raw(struct json_out *o, const char *json, size_t len)
{
    put_comma(o);
    put(o, json, len);
}

void json_out_member(struct json_out *o, const char *key, const char *text)
{
    if (!text)
        return;
    json_out_key(o, key);
    json_out_text(o, text);
}

void json_out_member_int(struct json_out *o, const char *key, int64_t v)
{
    json_out_key(o, key);
    json_out_int(o, v);
}
