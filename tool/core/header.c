/* header.c - the grammar of the headers that travel with a call. */
#include "tool/core/header.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "tool/core/call.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_lower_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f');
}

bool header_is_request_id(const char *text)
{
    size_t len = 0;

    for (; text[len] != '\0'; len++)
        if (len == CALL_REQUEST_ID_MAX ||
            (!is_alpha(text[len]) && !is_digit(text[len]) && !strchr("._-", text[len])))
            return false;
    return len > 0;
}

bool header_is_traceparent(const char *text)
{
    static const char SHAPE[] = "00-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx-xxxxxxxxxxxxxxxx-xx";
    _Static_assert(sizeof(SHAPE) == CALL_TRACEPARENT_MAX + 1, "room in struct call");

    for (size_t i = 0; i < sizeof(SHAPE); i++) /* the NUL included: a shorter text ends here too */
        if (SHAPE[i] == 'x' ? !is_lower_hex(text[i]) : text[i] != SHAPE[i])
            return false;
    return strspn(text + 3, "0") < 32 && strspn(text + 36, "0") < 16;
}

/* "key=value" or "tenant@key=value", nothing around it. */
static bool is_trace_member(const char *text, size_t len)
{
    static const char KEY[] = "abcdefghijklmnopqrstuvwxyz0123456789_-*/@";
    size_t key = strspn(text, KEY);

    if (key == 0 || key + 1 >= len || text[key] != '=' || strchr("_-*/@", *text))
        return false;
    for (size_t i = key + 1; i < len; i++)
        if (text[i] < ' ' || text[i] > '~' || text[i] == '=')
            return false;
    return true;
}

void header_keep_tracestate(const char *text, char *out)
{
    size_t used = 0;
    bool room = true;

    out[0] = '\0';
    for (const char *end; *text; text = end + (*end == ',')) {
        size_t len;

        text += strspn(text, " \t");
        end = text + strcspn(text, ",");
        for (len = (size_t)(end - text); len > 0 && strchr(" \t", text[len - 1]);)
            len--;
        if (len == 0)
            continue;
        if (!is_trace_member(text, len)) {
            out[0] = '\0';
            return;
        }
        room = room && used + (used > 0) + len <= CALL_TRACESTATE_MAX;
        if (!room)
            continue;
        if (used > 0)
            out[used++] = ',';
        memcpy(out + used, text, len);
        used += len;
        out[used] = '\0';
    }
}

bool header_is_printable(const char *text, int max)
{
    int len = 0;

    for (; text[len] != '\0'; len++)
        if (len == max || text[len] < ' ' || text[len] > '~')
            return false;
    return len > 0;
}

void header_keep_printable(const char *text, char *out, size_t size)
{
    size_t len = 0;

    for (; *text != '\0' && len + 1 < size; text++)
        if (*text >= ' ' && *text <= '~')
            out[len++] = *text;
    out[len] = '\0';
}

/* All of text[0..len) as a decimal number of at most 9 digits; -1 when it is not one. */
static int64_t decimal(const char *text, size_t len)
{
    int64_t n = 0;

    if (len == 0 || len > HEADER_TIMEOUT_DIGITS_MAX)
        return -1;
    for (size_t i = 0; i < len; i++) {
        if (!is_digit(text[i]))
            return -1;
        n = n * 10 + (text[i] - '0');
    }
    return n;
}

int64_t header_timeout_ms(const char *text)
{
    return decimal(text, strlen(text));
}

/* Like decimal(), but a number with more digits is a large one: it counts as max, like all above.
 */
static int64_t decimal_up_to(const char *text, size_t len, int64_t max)
{
    int64_t n = 0;

    for (size_t i = 0; i < len; i++) {
        if (!is_digit(text[i]))
            return -1;
        n = n * 10 + (text[i] - '0');
        if (n > max)
            n = max;
    }
    return len > 0 ? n : -1;
}

/* The end of the preference that starts at text: a comma outside of quotes, or the end. */
static const char *preference_end(const char *text)
{
    bool quoted = false;

    for (; *text != '\0' && (quoted || *text != ','); text++) {
        if (*text == '"')
            quoted = !quoted;
        else if (quoted && *text == '\\' && text[1] != '\0')
            text++;
    }
    return text;
}

static const char *skip_space(const char *text, const char *end)
{
    while (text < end && (*text == ' ' || *text == '\t'))
        text++;
    return text;
}

/* The seconds of one preference, max_s at most; -1 when it is not "wait", -2 when it is
 * but malformed. */
static int64_t wait_seconds(const char *text, const char *end, int max_s)
{
    size_t len;
    int64_t seconds;

    if (end - text < 4 || strncasecmp(text, "wait", 4) != 0)
        return -1;
    text = skip_space(text + 4, end);
    if (text < end && *text != '=')
        return *text == ';' ? -2 : -1;
    if (text == end)
        return -2;
    text = skip_space(text + 1, end);
    len = (size_t)(end - text);
    if (memchr(text, ';', len)) /* parameters of the preference */
        len = (size_t)((const char *)memchr(text, ';', len) - text);
    while (len > 0 && (text[len - 1] == ' ' || text[len - 1] == '\t'))
        len--;
    if (len >= 2 && text[0] == '"' && text[len - 1] == '"') {
        text++;
        len -= 2;
    }
    seconds = decimal_up_to(text, len, max_s);
    return seconds < 0 ? -2 : seconds;
}

int32_t header_wait_up_to_ms(const char *text, int max_s)
{
    for (;;) {
        const char *end = preference_end(text);
        int64_t seconds = wait_seconds(skip_space(text, end), end, max_s);

        if (seconds == -2)
            return 0;
        if (seconds >= 0)
            return (int32_t)seconds * 1000;
        if (*end == '\0')
            return 0;
        text = end + 1;
    }
}

int32_t header_wait_ms(const char *text)
{
    return header_wait_up_to_ms(text, HEADER_WAIT_MAX_S);
}

/* One entity tag and nothing else; *opaque is what stands between its quotes. */
static bool is_entity_tag(const char *text, const char **opaque, size_t *len)
{
    if (strncmp(text, "W/", 2) == 0)
        text += 2;
    *opaque = text + 1;
    *len = 0;
    if (*text != '"')
        return false;
    while ((*opaque)[*len] > ' ' || (*opaque)[*len] < '\0')
        if ((*opaque)[*len] == '"')
            return (*opaque)[*len + 1] == '\0';
        else
            (*len)++;
    return false;
}

int64_t header_if_version(const char *text)
{
    enum { DIGITS_MAX = 18 };
    const char *opaque;
    int64_t version = 0;
    size_t len;

    if (strcmp(text, "*") == 0)
        return CALL_ANY_VERSION;
    if (!is_entity_tag(text, &opaque, &len))
        return 0;
    if (*text != '"' || *opaque == '0' || len > DIGITS_MAX)
        return CALL_NO_VERSION;
    for (size_t i = 0; i < len; i++) {
        if (!is_digit(opaque[i]))
            return CALL_NO_VERSION;
        version = version * 10 + (opaque[i] - '0');
    }
    return version > 0 ? version : CALL_NO_VERSION;
}
