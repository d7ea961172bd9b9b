/* cloud_event.h - a row of the outbox as it goes over NATS: a CloudEvent 1.0 in the binary mode of
 * its NATS binding, the data as the payload and everything else in headers. */
#ifndef TOOL_STREAM_CLOUD_EVENT_H
#define TOOL_STREAM_CLOUD_EVENT_H

#include "tool/message/message.h"
#include "tool/outbox/outbox.h"

/* What the message points to; lives as long as it is used. */
struct cloud_event {
    char subject[EVENT_SUBJECT_MAX + 1];
    char id[UUID_TEXT_LEN + 1], key[UUID_TEXT_LEN + 1], time[CLOCK_TEXT_MAX + 1];
    struct message_out message;
};

/** Fills out, whose message borrows from out, row and source ("/hanok/auth"). */
void cloud_event_init(struct cloud_event *out, const struct outbox_row *row, const char *source);

#endif
