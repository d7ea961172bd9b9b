/* access_line.c - see access_line.h. */
#include "middleware/access_line.h"

#include <stdio.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/date.h"
#include "tool/core/json_out.h"

enum {
    METHOD_MAX = 31, /* bytes */
    REFERER_MAX = 256,
    ESCAPED_MAX = 4, /* "\xff" */
    US_PER_S = 1000000,
    S_PER_DAY = 86400,
    DATE_MAX_LEN = 32,
};

/* Origin and path: a query can hold anything. */
static size_t referer_length(const char *referer)
{
    size_t len = strcspn(referer, "?#");

    return len < REFERER_MAX ? len : REFERER_MAX;
}

size_t access_line_json(const struct access_entry *entry, char line[ACCESS_LINE_MAX])
{
    const struct call *call = entry->call;
    char time[CLOCK_TEXT_MAX + 1];
    struct json_out o;

    json_out_init(&o, line, ACCESS_LINE_MAX - 1); /* room for the line break */
    json_out_open(&o, '{');
    json_out_member(&o, "time", clock_text(entry->begun_us, time));
    json_out_member(&o, "client", call->client);
    json_out_member(&o, "caller", call->user[0] ? call->user : NULL);
    json_out_member(&o, "method", entry->method[0] ? entry->method : NULL);
    json_out_member(&o, "route", entry->route);
    json_out_member_int(&o, "status", entry->status);
    json_out_member_int(&o, "bytes", (int64_t)entry->bytes);
    json_out_key(&o, "ms");
    json_out_thousandths(&o, entry->us);
    if (entry->referer) {
        json_out_key(&o, "referer");
        json_out_text_n(&o, entry->referer, referer_length(entry->referer));
    }
    json_out_member(&o, "agent", call->agent[0] ? call->agent : NULL);
    json_out_member(&o, "requestId", call->request_id);
    json_out_member(&o, "traceparent", call->traceparent[0] ? call->traceparent : NULL);
    json_out_close(&o, '}');
    ASSERT(!o.overflow); /* all of it is bounded */
    line[o.len] = '\n';
    return o.len + 1;
}

/* "01/Feb/2026:03:04:05 +0000" */
static void write_date(int64_t wall_us, char out[DATE_MAX_LEN])
{
    static const char MONTHS[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    int64_t s = wall_us / US_PER_S;
    int year, month, day, of_day = (int)(s % S_PER_DAY);

    date_split((int32_t)(s / S_PER_DAY), &year, &month, &day);
    snprintf(out, DATE_MAX_LEN, "%02d/%.3s/%04d:%02d:%02d:%02d +0000", day,
             MONTHS + (ptrdiff_t)3 * (month - 1), year, of_day / 3600, of_day / 60 % 60,
             of_day % 60);
}

/* As nginx escapes what stands between quotes; "-" when there is nothing. */
static void escape(const char *text, size_t len, char *out)
{
    static const char HEX[] = "0123456789abcdef";

    if (len == 0)
        *out++ = '-';
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];

        if (c >= ' ' && c < 0x7f && c != '"' && c != '\\') {
            *out++ = (char)c;
            continue;
        }
        *out++ = '\\';
        *out++ = 'x';
        *out++ = HEX[c >> 4];
        *out++ = HEX[c & 15];
    }
    *out = '\0';
}

size_t access_line_combined(const struct access_entry *entry, char line[ACCESS_LINE_MAX])
{
    const struct call *call = entry->call;
    const char *referer = entry->referer ? entry->referer : "";
    char date[DATE_MAX_LEN], from[ESCAPED_MAX * REFERER_MAX + 1];
    char agent[ESCAPED_MAX * CALL_AGENT_MAX + 1], method[ESCAPED_MAX * METHOD_MAX + 1];
    int len;

    write_date(entry->begun_us, date);
    escape(referer, referer_length(referer), from);
    escape(call->agent, strlen(call->agent), agent);
    escape(entry->method, strnlen(entry->method, METHOD_MAX), method);
    len = snprintf(line, ACCESS_LINE_MAX,
                   "%s - %s [%s] \"%s %.256s HTTP/1.1\" %d %zu \"%s\" \"%s\"\n",
                   call->client[0] ? call->client : "-", call->user[0] ? call->user : "-", date,
                   method, entry->route, entry->status, entry->bytes, from, agent);
    ASSERT(len > 0 && len < ACCESS_LINE_MAX);
    return (size_t)len;
}
