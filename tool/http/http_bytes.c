/* http_bytes.c - see http_bytes.h. */
#include "tool/http/http_bytes.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

bool http_is_tchar(char c)
{
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
        return true;
    return c != '\0' && strchr("!#$%&'*+-.^_`|~", c);
}

bool http_is_token(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!http_is_tchar(text[i]))
            return false;
    return len > 0;
}

bool http_is_control(char c)
{
    return ((unsigned char)c < 0x20 && c != '\t') || c == 0x7f;
}

/* Whether one of eight bytes is below 0x20 or 0x7f: a tab too, of which there are few. */
static bool may_have_control(uint64_t eight)
{
    const uint64_t each = UINT64_MAX / 255, high = each * 0x80, del = eight ^ each * 0x7f;

    return (((eight - each * 0x20) & ~eight) | ((del - each) & ~del)) & high;
}

size_t http_clean_len(const char *text, size_t len)
{
    uint64_t eight;
    size_t i = 0;

    for (; len - i >= sizeof(eight); i += sizeof(eight)) {
        memcpy(&eight, text + i, sizeof(eight));
        if (may_have_control(eight))
            break;
    }
    while (i < len && !http_is_control(text[i]))
        i++;
    return i;
}

bool http_equals(const char *text, size_t len, const char *want)
{
    return len == strlen(want) && strncasecmp(text, want, len) == 0;
}

const char *http_strip(const char *text, size_t *len)
{
    while (*len > 0 && (text[*len - 1] == ' ' || text[*len - 1] == '\t'))
        --*len;
    for (; *len > 0 && (*text == ' ' || *text == '\t'); text++)
        --*len;
    return text;
}
