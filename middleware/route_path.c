/* route_path.c - what may stand in a path (RFC 3986), and what may go on into a message. */
#include "middleware/route_path.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "middleware/percent.h"

static bool is_alnum(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool is_pchar(char c)
{
    return is_alnum(c) || (c != '\0' && strchr("-._~!$&'()*+,;=:@", c));
}

/* '*' and '>' are wildcards of subjects, '/' would be a separator for somebody else. */
static bool may_travel(unsigned char c)
{
    return c > ' ' && c != 0x7f && c != '/' && c != '*' && c != '>';
}

/* One byte of a segment; -1 when it is not to be had. */
static int decode_byte(const char **raw)
{
    bool as_it_is = **raw != '%';
    int byte = percent_decode(raw);

    if (byte < 0 || !may_travel((unsigned char)byte) || (as_it_is && !is_pchar((char)byte)))
        return -1;
    return byte;
}

static bool is_dots(const char *segment)
{
    return strcmp(segment, ".") == 0 || strcmp(segment, "..") == 0;
}

/* "http://host/a" stands for "/a" (RFC 9112, 3.2.2). */
static const char *strip_authority(const char *raw)
{
    const char *host = strncasecmp(raw, "http://", 7) == 0    ? raw + 7
                       : strncasecmp(raw, "https://", 8) == 0 ? raw + 8
                                                              : NULL;

    if (!host)
        return raw;
    host += strcspn(host, "/");
    return *host ? host : "/";
}

enum route_path_verdict route_path_split(const char *raw, char text[ROUTE_DECODED_MAX + 1],
                                         const char *segments[ROUTE_SEGMENTS_MAX], size_t *n)
{
    enum route_path_verdict verdict = ROUTE_PATH_OK;
    size_t len = 0;

    *n = 0;
    raw = strip_authority(raw);
    if (*raw != '/')
        return ROUTE_PATH_BAD;
    if (raw[1] == '\0')
        return ROUTE_PATH_OK;
    while (*raw == '/') {
        size_t start = len;

        raw++;
        while (*raw != '\0' && *raw != '/') {
            int byte = decode_byte(&raw);

            if (byte < 0)
                return ROUTE_PATH_BAD;
            if (len >= ROUTE_DECODED_MAX) { /* read on: a bad byte may still come */
                verdict = ROUTE_PATH_OFF;
                len = start = 0;
            }
            text[len++] = (char)byte;
        }
        text[len] = '\0';
        if (is_dots(text + start))
            return ROUTE_PATH_BAD;
        if (verdict == ROUTE_PATH_OFF || *n == ROUTE_SEGMENTS_MAX || len >= ROUTE_DECODED_MAX) {
            verdict = ROUTE_PATH_OFF;
            len = 0;
            continue;
        }
        segments[(*n)++] = text + start;
        len++;
    }
    return verdict;
}

bool route_path_text(const char *raw, char text[ROUTE_DECODED_MAX + 2])
{
    const char *segments[ROUTE_SEGMENTS_MAX];
    char decoded[ROUTE_DECODED_MAX + 1];
    size_t n;

    if (route_path_split(raw, decoded, segments, &n) != ROUTE_PATH_OK)
        return false;
    text[0] = '/';
    text[1] = '\0';
    for (size_t i = 0, len = 0; i < n; i++)
        len += (size_t)snprintf(text + len, ROUTE_DECODED_MAX + 2 - len, "/%s", segments[i]);
    return true;
}

bool route_path_can_be(const char *path)
{
    size_t segments = 0, len = 0;

    for (; path[len]; len++) {
        if (path[len] == '/')
            segments++;
        else if (!may_travel((unsigned char)path[len]))
            return false;
    }
    return len < ROUTE_DECODED_MAX && segments <= ROUTE_SEGMENTS_MAX;
}
