/* gtid.c - see gtid.h. */
#include "tool/dbc/gtid.h"

#include <inttypes.h>
#include <stdio.h>

static bool read_number(const char **text, uint64_t max, char end, uint64_t *out)
{
    const char *p = *text;

    if (*p < '0' || *p > '9')
        return false;
    for (*out = 0; *p >= '0' && *p <= '9'; p++) {
        uint64_t digit = (uint64_t)(*p - '0');
        if (*out > (max - digit) / 10)
            return false;
        *out = *out * 10 + digit;
    }
    if (end && *p++ != end)
        return false;
    *text = p;
    return true;
}

bool gtid_read(const char *text, struct gtid_position *out)
{
    *out = (struct gtid_position){.n = 0};
    while (*text) {
        uint64_t domain, server, seq;
        if (!read_number(&text, UINT32_MAX, '-', &domain) ||
            !read_number(&text, UINT32_MAX, '-', &server) ||
            !read_number(&text, UINT64_MAX, '\0', &seq))
            return false;
        if (!gtid_advance(out, (struct gtid){(uint32_t)domain, (uint32_t)server, seq}))
            return false;
        if (*text && (*text++ != ',' || !*text))
            return false;
    }
    return true;
}

char *gtid_text(const struct gtid_position *position, char buf[GTID_TEXT_MAX + 1])
{
    size_t len = 0;

    buf[0] = '\0';
    for (size_t i = 0; i < position->n; i++) {
        const struct gtid *at = &position->at[i];
        len += (size_t)snprintf(buf + len, GTID_TEXT_MAX + 1 - len,
                                "%s%" PRIu32 "-%" PRIu32 "-%" PRIu64, i ? "," : "", at->domain,
                                at->server, at->seq);
    }
    return buf;
}

bool gtid_advance(struct gtid_position *position, struct gtid to)
{
    size_t i = 0;

    while (i < position->n && position->at[i].domain != to.domain)
        i++;
    if (i == GTID_DOMAINS_MAX)
        return false;
    position->at[i] = to;
    if (i == position->n)
        position->n++;
    return true;
}

bool gtid_covers(const struct gtid_position *position, const struct gtid_position *other)
{
    for (size_t i = 0; i < other->n; i++) {
        size_t k = 0;
        while (k < position->n && position->at[k].domain != other->at[i].domain)
            k++;
        if (k == position->n || position->at[k].seq < other->at[i].seq)
            return false;
    }
    return true;
}
