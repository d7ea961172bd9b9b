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

/* ";q=0", ";q=0.000": it is not wanted. */
static bool is_unwanted(const char *parameters, size_t len)
{
    const char *end = parameters + len, *q = parameters;

    while ((q = memchr(q, ';', (size_t)(end - q)))) {
        q = skip_blanks(q + 1);
        if (end - q >= 3 && strncasecmp(q, "q=", 2) == 0)
            return strspn(q + 2, "0.") >= strcspn(q + 2, ",; \t");
    }
    return false;
}

bool field_accepts(const char *list, const char *word)
{
    size_t len = strlen(word);

    while (list && *list) {
        const char *item = skip_blanks(list);
        size_t whole = strcspn(item, ","), name = strcspn(item, ",; \t");

        if (name == len && strncasecmp(item, word, len) == 0)
            return !is_unwanted(item + name, whole - name);
        list = item + whole + (item[whole] == ',');
    }
    return false;
}
