/* ack_subject.h - what JetStream says of a message in the subject by which it is acknowledged:
 * $JS.ACK.<stream>.<consumer>.<delivered>.<stream seq>.<consumer seq>.<time>.<pending>, newer with
 * a domain and an account in front and more behind. Pure. */
#ifndef TOOL_STREAM_ACK_SUBJECT_H
#define TOOL_STREAM_ACK_SUBJECT_H

#include <stdbool.h>
#include <stdint.h>

struct ack_subject {
    uint64_t delivered;  /* 1 = for the first time */
    uint64_t stream_seq; /* its place in the stream */
    int64_t stored_us;   /* when it was put into the stream, wall clock of the server */
    uint64_t pending;    /* messages the consumer has yet to deliver after this one */
};

/** False when it is no such subject. */
bool ack_subject_read(const char *subject, struct ack_subject *out);

#endif
