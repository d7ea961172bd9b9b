/* route_header.c - see route_header.h. */
#include "middleware/route_header.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* "X-Shop-Id" becomes xShopId. */
static void name_member(const char *name, char member[ROUTE_HEADER_MAX + 1])
{
    size_t n = 0;

    for (; *name; name++) {
        bool first = n > 0 && name[-1] == '-';

        if (*name != '-')
            member[n++] =
                (char)(first ? toupper((unsigned char)*name) : tolower((unsigned char)*name));
    }
    member[n] = '\0';
}

/* Words of letters and digits with '-' in between, the first of them begun by a letter. */
static bool name_fits(const char *name, size_t len)
{
    if (len == 0 || len > ROUTE_HEADER_MAX || !isalpha((unsigned char)name[0]) ||
        name[len - 1] == '-')
        return false;
    for (size_t i = 0; i < len; i++)
        if (!isalnum((unsigned char)name[i]) && (name[i] != '-' || name[i - 1] == '-'))
            return false;
    return strncasecmp(name, "Auth-", 5) != 0 && strncasecmp(name, "Nats-", 5) != 0;
}

static bool is_there(const struct route_headers *headers, const char *member)
{
    for (size_t i = 0; i < headers->n; i++)
        if (strcmp(headers->rows[i].member, member) == 0)
            return true;
    return false;
}

bool route_headers_parse(struct route_headers *headers, const char *text)
{
    *headers = (struct route_headers){.n = 0};
    for (;; text++) {
        size_t len = strcspn(text, ",");
        struct route_header header = {.name = ""};

        if (headers->n == ROUTE_HEADERS_MAX || !name_fits(text, len))
            return false;
        memcpy(header.name, text, len);
        name_member(header.name, header.member);
        if (is_there(headers, header.member))
            return false;
        headers->rows[headers->n++] = header;
        text += len;
        if (!*text)
            return true;
    }
}
