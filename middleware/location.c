/* location.c - see location.h. */
#include "middleware/location.h"

#include <string.h>

#include "middleware/member_name.h"
#include "tool/core/mem.h"
#include "tool/encoder/json_check.h"

static bool take_part(struct location *location, const char *at, size_t len, bool member)
{
    size_t members = 0;

    for (size_t i = 0; i < location->n; i++)
        members += location->parts[i].member;
    if ((member && (members == LOCATION_MEMBERS_MAX || !member_name_fits(at, len))))
        return false;
    if (len > 0)
        location->parts[location->n++] =
            (struct location_part){.at = (uint8_t)(at - location->text), .member = member};
    return true;
}

bool location_parse(struct location *location, const char *template)
{
    char *at;

    *location = (struct location){.n = 0};
    if (template[0] != '/' || !TEXT_COPY(location->text, template))
        return false;
    for (at = location->text; *at;) {
        size_t literal = strcspn(at, "{}"), name;

        if (!take_part(location, at, literal, false))
            return false;
        at += literal;
        if (!*at)
            break;
        name = strcspn(at + 1, "{}");
        if (at[0] != '{' || at[1 + name] != '}')
            return false;
        *at = at[1 + name] = '\0'; /* the end of the literal, the end of the name */
        if (!take_part(location, at + 1, name, true))
            return false;
        at += name + 2;
    }
    return true;
}

static bool is_plain(const char *text)
{
    return *text && strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "0123456789-._~") == strlen(text);
}

bool location_write(const struct location *location, const char *json, size_t len,
                    char out[LOCATION_MAX + 1])
{
    struct json_found members[LOCATION_MEMBERS_MAX], *next = members;
    size_t n = 0, used = 0;

    for (size_t i = 0; i < location->n; i++)
        if (location->parts[i].member)
            members[n++].name = location->text + location->parts[i].at;
    if (location->n == 0 || !json_get_texts(json, len, members, n))
        return false;
    for (size_t i = 0; i < location->n; i++) {
        const struct location_part *part = &location->parts[i];
        const char *text = part->member ? (next++)->value : location->text + part->at;
        size_t text_len = strlen(text);

        if (used + text_len > LOCATION_MAX || (part->member && !is_plain(text)))
            return false;
        memcpy(out + used, text, text_len);
        used += text_len;
    }
    out[used] = '\0';
    return true;
}
