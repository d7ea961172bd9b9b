/* log_line.c - log lines as JSON objects. */
#include "tool/core/log_line.h"

#include <stdatomic.h>
#include <string.h>

#include "tool/core/json_out.h"

static const char *const LEVELS[] = {
    [LOG_DEBUG] = "debug", [LOG_INFO] = "info", [LOG_WARN] = "warn", [LOG_ERROR] = "error"};

/* Set once at start; atomic because tests and late threads may read it while it changes. */
static _Atomic(const char *) service_name;

void log_line_name(const char *service)
{
    atomic_store(&service_name, service);
}

/* Halves a text until the line has room for it. */
static void add_text(struct json_out *o, const char *key, const char *text)
{
    struct json_out before = *o;

    for (size_t len = strlen(text); len > 0; len /= 2) {
        json_out_key(o, key);
        json_out_text_n(o, text, len);
        if (!o->overflow)
            return;
        *o = before;
    }
}

static void add_call(struct json_out *o, const struct call *call)
{
    if (call->request_id[0])
        add_text(o, "requestId", call->request_id);
    if (call->traceparent[0])
        add_text(o, "traceparent", call->traceparent);
    if (call->user[0])
        add_text(o, "caller", call->user);
    if (call->client[0])
        add_text(o, "client", call->client);
}

static void add_field(struct json_out *o, const struct log_field *field)
{
    char id[UUID_TEXT_LEN + 1];

    switch (field->kind) {
    case LOG_KIND_END:
        break;
    case LOG_KIND_TEXT:
        if (field->text)
            add_text(o, field->key, field->text);
        break;
    case LOG_KIND_INT:
        json_out_member_int(o, field->key, field->num);
        break;
    case LOG_KIND_MS:
        json_out_key(o, field->key);
        json_out_thousandths(o, field->num);
        break;
    case LOG_KIND_BOOL:
        json_out_key(o, field->key);
        json_out_bool(o, field->num != 0);
        break;
    case LOG_KIND_UUID:
        add_text(o, field->key, uuid_text(field->id, id));
        break;
    case LOG_KIND_CALL:
        if (field->call)
            add_call(o, field->call);
        break;
    }
}

size_t log_line(char line[LOG_LINE_MAX], enum log_level level, const char *msg,
                const struct log_field *fields)
{
    char time[CLOCK_TEXT_MAX + 1];
    struct json_out o;

    json_out_init(&o, line, LOG_LINE_MAX - 2); /* room for the closing brace and the newline */
    json_out_open(&o, '{');
    json_out_member(&o, "time", clock_text(clock_wall_us(&CLOCK_SYSTEM), time));
    json_out_member(&o, "level", LEVELS[level]);
    json_out_member(&o, "service", atomic_load(&service_name));
    add_text(&o, "msg", msg);
    for (; fields->kind != LOG_KIND_END; fields++) {
        struct json_out before = o;

        add_field(&o, fields);
        if (o.overflow)
            o = before;
    }
    line[o.len] = '}';
    line[o.len + 1] = '\n';
    return o.len + 2;
}
