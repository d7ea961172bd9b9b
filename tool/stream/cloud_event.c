/* cloud_event.c - see cloud_event.h. */
#include "tool/stream/cloud_event.h"

#include <string.h>

/* Under this id JetStream stores it once, as long as it remembers it. */
#define HEADER_MSG_ID "Nats-Msg-Id"

void cloud_event_init(struct cloud_event *out, const struct outbox_row *row, const char *source)
{
    struct message_out *m = &out->message;

    *m = (struct message_out){.subject = event_subject(row->type, row->partition, out->subject),
                              .data = row->json,
                              .len = strlen(row->json)};
    uuid_text(row->id, out->id);
    uuid_text(row->key, out->key);
    clock_text(row->created_us, out->time);
    message_add_header(m, "ce-specversion", "1.0");
    message_add_header(m, "ce-id", out->id);
    message_add_header(m, "ce-source", source);
    message_add_header(m, "ce-type", row->type);
    message_add_header(m, "ce-time", out->time);
    message_add_header(m, "ce-subject", out->key);
    message_add_header(m, "ce-partitionkey", out->key);
    message_add_header(m, "ce-traceparent", row->traceparent);
    message_add_header(m, HEADER_TRACEPARENT, row->traceparent);
    message_add_header(m, "Content-Type", "application/json");
    message_add_header(m, HEADER_MSG_ID, out->id);
}
