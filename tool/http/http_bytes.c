/* http_bytes.c - see http_bytes.h. */
#include "tool/http/http_bytes.h"

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
