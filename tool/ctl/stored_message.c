/* stored_message.c - see stored_message.h. */
#include "tool/ctl/stored_message.h"

#include <string.h>

#include "tool/core/mem.h"

enum { GROUP = 4, NAME_MAX_LEN = 127 };

/* 0..63; -1: none of the alphabet. */
static int value_of(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Four characters, three bytes; how many; 0: they are none. */
static size_t read_group(const char *text, bool last, char out[3])
{
    unsigned bits = 0;
    size_t n = 3;

    for (size_t i = 0; i < GROUP; i++) {
        int value = value_of(text[i]);
        if (text[i] == '=' && last && i >= 2 && (i == 3 || text[3] == '=')) {
            value = 0;
            n = i == 2 ? 1 : n == 1 ? 1 : 2;
        }
        if (value < 0)
            return 0;
        bits = bits << 6 | (unsigned)value;
    }
    out[0] = (char)(bits >> 16);
    out[1] = (char)(bits >> 8);
    out[2] = (char)bits;
    return n;
}

char *stored_bytes(const char *base64, size_t *len)
{
    size_t size = strlen(base64);
    char *out = mem_alloc(1, size / GROUP * 3 + 4);

    *len = 0;
    for (size_t at = 0; at < size; at += GROUP) {
        size_t n = size - at < GROUP ? 0 : read_group(base64 + at, at + GROUP == size, out + *len);
        if (n == 0) {
            free(out);
            return NULL;
        }
        *len += n;
    }
    out[*len] = '\0';
    return out;
}

/* One line without its end. */
static void add_header(json_t *headers, const char *line, size_t len)
{
    const char *colon = memchr(line, ':', len);
    char name[NAME_MAX_LEN + 1];
    size_t n = colon ? (size_t)(colon - line) : 0;

    if (n == 0 || n > NAME_MAX_LEN || memchr(line, '\0', n))
        return;
    memcpy(name, line, n);
    name[n] = '\0';
    for (colon++; colon < line + len && *colon == ' '; colon++) {
    }
    json_object_set_new(headers, name, json_stringn(colon, (size_t)(line + len - colon)));
}

json_t *stored_headers(const char *text, size_t len)
{
    const char *at = memchr(text, '\n', len), *end = text + len; /* behind NATS/1.0 */
    json_t *headers = json_object();

    while (at && ++at < end) {
        const char *next = memchr(at, '\n', (size_t)(end - at));
        size_t line_len = (size_t)((next ? next : end) - at);
        if (line_len > 0 && at[line_len - 1] == '\r')
            line_len--;
        add_header(headers, at, line_len);
        at = next;
    }
    return headers;
}
