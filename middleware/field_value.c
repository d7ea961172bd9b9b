/* field_value.c - RFC 9110 sections 8.3, 11.6 and 13.1, as far as we need them. */
#include "middleware/field_value.h"

#include <string.h>
#include <strings.h>

static const char *skip_blanks(const char *text)
{
    return text + strspn(text, " \t");
}

/* type in UTF-8, whether it says so or not. */
static bool is_type(const char *content_type, const char *type)
{
    static const char CHARSET[] = "charset=";
    const char *value;
    size_t len = strlen(type);

    if (!content_type || strncasecmp(content_type, type, len) != 0)
        return false;
    value = skip_blanks(content_type + len);
    if (*value == '\0')
        return true;
    if (*value != ';')
        return false;
    value = skip_blanks(value + 1);
    if (*value == '\0')
        return true;
    if (strncasecmp(value, CHARSET, sizeof(CHARSET) - 1) != 0)
        return false;
    value += sizeof(CHARSET) - 1;
    len = *value == '"' ? 7 : 5;
    if (strncasecmp(value, len == 7 ? "\"utf-8\"" : "utf-8", len) != 0)
        return false;
    return *skip_blanks(value + len) == '\0';
}

bool field_is_json(const char *content_type)
{
    return is_type(content_type, "application/json");
}

bool field_is_merge_patch(const char *content_type)
{
    return is_type(content_type, "application/merge-patch+json");
}

const char *field_bearer(const char *authorization)
{
    const char *token;

    if (!authorization || strncasecmp(authorization, "Bearer ", 7) != 0)
        return NULL;
    token = authorization + 7 + strspn(authorization + 7, " ");
    return *token ? token : NULL;
}

static const char *opaque(const char *etag)
{
    return strncmp(etag, "W/", 2) == 0 ? etag + 2 : etag;
}

bool field_names_etag(const char *if_none_match, const char *etag)
{
    const char *want = opaque(etag), *at = if_none_match ? skip_blanks(if_none_match) : "";
    size_t want_len = strlen(want);

    if (*at == '*')
        return *skip_blanks(at + 1) == '\0';
    for (;;) {
        const char *end;

        at = opaque(at + strspn(at, ", \t")); /* a list may have empty elements */
        end = *at == '"' ? strchr(at + 1, '"') : NULL;
        if (!end)
            return false;
        end++;
        if ((size_t)(end - at) == want_len && memcmp(at, want, want_len) == 0)
            return true;
        at = skip_blanks(end);
        if (*at != ',')
            return false;
    }
}

/* Whether the parameters of a range, from text to end, say q=0. */
static bool is_refused(const char *text, const char *end)
{
    while (text < end) {
        text += strspn(text, "; \t");
        if (strncasecmp(text, "q=0", 3) == 0 &&
            strspn(text + 3, ".0") == strcspn(text + 3, ",; \t"))
            return true;
        text += strcspn(text, ",;");
        if (text < end && *text == ',')
            return false;
    }
    return false;
}

bool field_accepts_events(const char *accept)
{
    static const char TYPE[] = "text/event-stream";

    while (accept && *accept) {
        const char *range = accept + strspn(accept, " \t,"), *end = range + strcspn(range, ",");
        size_t len = strcspn(range, ",; \t");

        if (len == strlen(TYPE) && strncasecmp(range, TYPE, len) == 0)
            return !is_refused(range + len, end);
        accept = end;
    }
    return false;
}
