/* error_answer.c - how a request ends badly, on the wire. */
#include "tool/message/error_answer.h"

#include <stdio.h>

#include "tool/core/json_out.h"

const char *error_description(const struct problem *p)
{
    return p->detail[0] != '\0' ? p->detail : status_title(p->status);
}

void error_add_headers(struct message_out *out, const struct problem *p, struct error_text *text)
{
    snprintf(text->code, sizeof(text->code), "%d", status_http(p->status));
    message_add_header(out, HEADER_ERROR_CODE, text->code);
    message_add_header(out, HEADER_ERROR, error_description(p));
    if (p->retry_after_s > 0) {
        snprintf(text->retry_after, sizeof(text->retry_after), "%d", p->retry_after_s);
        message_add_header(out, HEADER_RETRY_AFTER, text->retry_after);
    }
}

void error_make_answer(struct message_out *out, const struct problem *p, struct error_text *text)
{
    struct json_out o;

    json_out_init(&o, text->json, sizeof(text->json));
    json_out_open(&o, '{');
    json_out_member(&o, "type", "about:blank");
    json_out_member(&o, "title", status_title(p->status));
    json_out_member_int(&o, "status", status_http(p->status));
    json_out_member(&o, "detail", error_description(p));
    json_out_member(&o, "code", p->code);
    json_out_close(&o, '}');
    *out = (struct message_out){.data = text->json, .len = o.overflow ? 0 : o.len};
    error_add_headers(out, p, text);
}
