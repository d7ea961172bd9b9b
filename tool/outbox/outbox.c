/* outbox.c - from what has happened to a row of the outbox. */
#include "tool/outbox/outbox.h"

#include "tool/core/log.h"

enum status event_say(struct outbox *outbox, struct transaction *tx, const struct call *call,
                      const struct event_type *type, const void *data)
{
    char text[EVENT_DATA_MAX + 1];
    struct json_out json;
    struct outbox_event event = {.id = uuid_v7(call->clock, outbox->entropy),
                                 .key = event_key(type, data),
                                 .type = type->name,
                                 .json = text};

    json_out_init(&json, text, sizeof(text));
    encode(type->data, data, &json);
    if (json.overflow) {
        log_error("an event is too long", LOG_TEXT("type", type->name), LOG_CALL(call));
        return ST_INTERNAL;
    }
    event.partition = event_partition(event.key);
    return outbox->ops->append(outbox, tx, call, &event);
}
