/* shop.c - questions to the services of the shop, as one who administers it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/ctl/ctl.h"
#include "tool/core/mem.h"
#include "tool/core/uuid.h"

enum { PAGE_MAX = 100 };

/* Each run is a request of its own: what is typed twice is meant twice. */
static void ask(struct session *session, const char *subject, const json_t *body,
                struct answer *answer)
{
    char key[UUID_TEXT_LEN + 1];
    const struct bus_header headers[] = {
        {"Auth-Roles",      "operator admin"},
        { "Idempotency-Key", uuid_text(uuid_v7(&CLOCK_SYSTEM,             &ENTROPY_SYSTEM), key)},
    };

    bus_ask_as(session->bus, subject, body, headers, ARRAY_LEN(headers), answer);
}

bool shop_read_units(const char *text, json_int_t *out)
{
    char *end;

    errno = 0;
    *out = strtoll(text, &end, 10);
    return errno == 0 && end != text && *end == '\0';
}

enum exit_code shop_ask(struct session *session, const char *subject, json_t *body, json_t **reply)
{
    enum exit_code code = session_connect(session);
    struct answer answer;

    *reply = NULL;
    if (code == EXIT_DONE) {
        ask(session, subject, body, &answer);
        if (answer.code == EXIT_DONE)
            *reply = answer.body;
        else
            code = session_no(session, &answer);
    }
    json_decref(body);
    return code;
}

json_t *shop_look(struct session *session, const char *subject, json_t *body)
{
    struct answer answer;
    json_t *reply = NULL;

    ask(session, subject, body, &answer);
    if (answer.code == EXIT_DONE)
        reply = json_incref(answer.body);
    answer_fini(&answer);
    json_decref(body);
    return reply;
}

enum exit_code shop_list(struct session *session, const char *subject, json_t *body, json_t **items)
{
    enum exit_code code = EXIT_DONE;
    const char *cursor = "";

    *items = json_array();
    while (code == EXIT_DONE && cursor) {
        json_int_t left = session->options.limit - (json_int_t)json_array_size(*items);
        json_t *page;

        if (left <= 0)
            break;
        json_object_set_new(body, "limit", json_integer(left < PAGE_MAX ? left : PAGE_MAX));
        code = shop_ask(session, subject, json_incref(body), &page);
        json_array_extend(*items, json_object_get(page, "items"));
        cursor = json_string_value(json_object_get(page, "nextCursor"));
        if (cursor)
            json_object_set_new(body, "cursor", json_string(cursor));
        json_decref(page);
    }
    json_decref(body);
    return code;
}

void shop_print_part(const struct session *session, const char *heading,
                     const struct listing *listing, const json_t *items)
{
    if (session->style.format > TABLE_WIDE || json_array_size(items) == 0)
        return;
    fprintf(session->style.out, "\n%s\n", heading);
    table_print(&session->style, listing, items);
}
