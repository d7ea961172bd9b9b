/* sim_stream.h - a JetStream stream, and as much of its word as can be relied on: messages in order
 * under numbers, durable consumers with one message in hand each; and days on which it loses the
 * end of what it had acknowledged, or everything. */
#ifndef TEST_SIMULATION_SIM_STREAM_H
#define TEST_SIMULATION_SIM_STREAM_H

#include "test/simulation/sim.h"
#include "tool/event/delivery.h"
#include "tool/outbox/outbox.h"

enum {
    SIM_ENTRIES_MAX = 1024,
    SIM_CONSUMERS_MAX = 4 * EVENT_PARTITIONS,
    SIM_ENTRY_DATA_MAX = 2047
};

/* A message with an event in it. */
struct sim_entry {
    struct sim_entry *older; /* of all that ever were */
    struct uuid event_id;
    unsigned partition;
    char subject[EVENT_SUBJECT_MAX + 1], type[EVENT_NAME_MAX + 1], source[EVENT_SOURCE_MAX + 1];
    char id[UUID_TEXT_LEN + 1], key[UUID_TEXT_LEN + 1], time[CLOCK_TEXT_MAX + 1];
    char traceparent[CALL_TRACEPARENT_MAX + 1];
    char data[SIM_ENTRY_DATA_MAX + 1];
};

/* A durable, of a service and a partition. */
struct sim_consumer {
    struct sim_stream *stream;
    void *service; /* whose it is: the stream does not look inside */
    unsigned partition;
    uint64_t next;      /* everything before is settled */
    bool in_hand;       /* what is there as `next` */
    uint64_t turn;      /* of what is in hand: what was meant for an earlier one is past */
    unsigned delivered; /* how often that was handed out */
};

/* A message on its way to an instance, and the word that comes back. */
struct sim_delivery {
    struct sim_delivery *older; /* of all that ever were */
    struct sim_consumer *consumer;
    const struct sim_entry *entry;
    void *instance; /* who has got it */
    uint64_t seq, turn, epoch;
    unsigned delivered;
    bool ack;
    int64_t wait_us; /* when it is no acknowledgement */
};

struct sim_stream {
    struct sim *sim;
    bool exists, away, over; /* over: nothing is handed out any more */
    bool forgets;            /* has no window of duplicates */
    uint64_t epoch;          /* raised by what breaks all connections */
    uint64_t turns;
    size_t n_entries;
    struct sim_entry *entries[SIM_ENTRIES_MAX]; /* number n is at n - 1 */
    size_t n_consumers;
    struct sim_consumer consumers[SIM_CONSUMERS_MAX];
    struct sim_entry *all;
    struct sim_delivery *deliveries;
    size_t lost; /* acknowledged, and gone */
    void (*deliver)(void *delivery);
};

void sim_stream_init(struct sim_stream *stream, struct sim *sim);
void sim_stream_fini(struct sim_stream *stream);
/** A durable for each partition; all there has ever been comes to it. */
void sim_stream_subscribe(struct sim_stream *stream, void *service);
/** A message of that row, which is on its way. */
struct sim_entry *sim_stream_entry(struct sim_stream *stream, const struct outbox_row *row,
                                   const char *source);
/** ST_OK | ST_NOT_FOUND (there is no stream) | ST_UNAVAILABLE */
enum status sim_stream_put(struct sim_stream *stream, struct sim_entry *entry, uint64_t *seq,
                           bool *duplicate);
/** The server answers instance's acknowledgement, or its word that it wants the message again in
 * wait_us. What it has in hand may be another one by then: it goes by the number. */
void sim_stream_settle(struct sim_delivery *delivery, bool ack, int64_t wait_us);
bool sim_stream_has(const struct sim_stream *stream, struct uuid event_id);
/** All consumers have got and acknowledged all there is. */
bool sim_stream_is_read(const struct sim_stream *stream);
void sim_stream_read(const struct sim_delivery *delivery, struct delivery *out);

/* The server's bad days. All connections break, and it is back in away_us. */
void sim_stream_restart(struct sim_stream *stream, int64_t away_us);
/** What it has beyond the first `keep` is gone, and what consumers have acknowledged since too. */
void sim_stream_lose(struct sim_stream *stream, size_t keep);
/** On an empty store: the stream is not there until somebody makes it. */
void sim_stream_vanish(struct sim_stream *stream);
void sim_stream_make(struct sim_stream *stream);

#endif
