/* sim_stream.c - messages, consumers, and what a server loses. */
#include "test/simulation/sim_stream.h"

#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/mem.h"

enum { QUICK_US = 200, ACK_WAIT_US = 4000000 };

static void pump(struct sim_consumer *c);

static void pump_all(struct sim_stream *stream)
{
    for (size_t i = 0; i < stream->n_consumers; i++)
        pump(&stream->consumers[i]);
}

/* ---- messages ---- */

struct sim_entry *sim_stream_entry(struct sim_stream *stream, const struct outbox_row *row,
                                   const char *source)
{
    struct sim_entry *entry = MEM_NEW(struct sim_entry);

    entry->older = stream->all;
    stream->all = entry;
    entry->event_id = row->id;
    entry->partition = row->partition;
    event_subject(row->type, row->partition, entry->subject);
    uuid_text(row->id, entry->id);
    uuid_text(row->key, entry->key);
    clock_text(row->created_us, entry->time);
    TEXT_COPY(entry->type, row->type);
    TEXT_COPY(entry->traceparent, row->traceparent);
    ASSERT(TEXT_COPY(entry->source, source) && TEXT_COPY(entry->data, row->json));
    return entry;
}

enum status sim_stream_put(struct sim_stream *stream, struct sim_entry *entry, uint64_t *seq,
                           bool *duplicate)
{
    *duplicate = false;
    if (stream->away)
        return ST_UNAVAILABLE;
    if (!stream->exists)
        return ST_NOT_FOUND;
    for (size_t i = 0; i < stream->n_entries && !stream->forgets && !*duplicate; i++) {
        *duplicate = uuid_equal(stream->entries[i]->event_id, entry->event_id);
        *seq = i + 1;
    }
    if (*duplicate)
        return ST_OK;
    ASSERT(stream->n_entries < SIM_ENTRIES_MAX);
    stream->entries[stream->n_entries++] = entry;
    *seq = stream->n_entries;
    sim_note(stream->sim, "stream", entry->subject, ST_OK);
    pump_all(stream);
    return ST_OK;
}

/* ---- consumers ---- */

static struct sim_delivery *new_delivery(struct sim_consumer *c)
{
    struct sim_delivery *d = MEM_NEW(struct sim_delivery);

    d->older = c->stream->deliveries;
    c->stream->deliveries = d;
    d->consumer = c;
    d->entry = c->stream->entries[c->next - 1];
    d->seq = c->next;
    d->epoch = c->stream->epoch;
    d->delivered = ++c->delivered;
    d->turn = c->turn = ++c->stream->turns;
    return d;
}

static void waited(void *arg);

static void hand_out(struct sim_consumer *c)
{
    struct sim *sim = c->stream->sim;
    struct sim_delivery *d = new_delivery(c);

    sim_post(sim, QUICK_US + (int64_t)sim_below(sim, QUICK_US), c->stream->deliver, d);
    sim_post(sim, ACK_WAIT_US, waited, d);
}

/* Nobody has said anything, or they said "later". */
static void waited(void *arg)
{
    const struct sim_delivery *d = arg;
    struct sim_consumer *c = d->consumer;

    if (c->in_hand && c->turn == d->turn && !c->stream->away && !c->stream->over)
        hand_out(c);
}

static void pump(struct sim_consumer *c)
{
    struct sim_stream *stream = c->stream;

    if (c->in_hand || stream->away || stream->over)
        return;
    while (c->next <= stream->n_entries && stream->entries[c->next - 1]->partition != c->partition)
        c->next++;
    if (c->next > stream->n_entries)
        return;
    c->in_hand = true;
    c->delivered = 0;
    hand_out(c);
}

static void settled(void *arg)
{
    const struct sim_delivery *d = arg;
    struct sim_consumer *c = d->consumer;

    if (d->epoch != c->stream->epoch || !c->in_hand || c->next != d->seq)
        return; /* lost with its connection, or nothing to it any more */
    c->turn = ++c->stream->turns;
    if (d->ack) {
        c->in_hand = false;
        c->next++;
        pump(c);
    } else {
        ((struct sim_delivery *)arg)->turn = c->turn;
        sim_post(c->stream->sim, d->wait_us, waited, arg);
    }
}

void sim_stream_settle(struct sim_delivery *delivery, bool ack, int64_t wait_us)
{
    struct sim *sim = delivery->consumer->stream->sim;

    delivery->epoch = delivery->consumer->stream->epoch;
    delivery->ack = ack;
    delivery->wait_us = wait_us;
    sim_post(sim, QUICK_US + (int64_t)sim_below(sim, QUICK_US), settled, delivery);
}

void sim_stream_read(const struct sim_delivery *d, struct delivery *out)
{
    const struct sim_entry *e = d->entry;

    *out = (struct delivery){.subject = e->subject,
                             .id = e->id,
                             .type = e->type,
                             .source = e->source,
                             .time = e->time,
                             .key = e->key,
                             .traceparent = e->traceparent[0] ? e->traceparent : NULL,
                             .data = e->data,
                             .len = strlen(e->data),
                             .stream_seq = d->seq,
                             .attempt = d->delivered};
}

bool sim_stream_has(const struct sim_stream *stream, struct uuid event_id)
{
    for (size_t i = 0; i < stream->n_entries; i++)
        if (uuid_equal(stream->entries[i]->event_id, event_id))
            return true;
    return false;
}

bool sim_stream_is_read(const struct sim_stream *stream)
{
    for (size_t i = 0; i < stream->n_consumers; i++) {
        const struct sim_consumer *c = &stream->consumers[i];
        if (c->in_hand || c->next <= stream->n_entries)
            return false;
    }
    return true;
}

void sim_stream_subscribe(struct sim_stream *stream, void *service)
{
    for (unsigned p = 0; p < EVENT_PARTITIONS; p++) {
        ASSERT(stream->n_consumers < SIM_CONSUMERS_MAX);
        stream->consumers[stream->n_consumers++] =
            (struct sim_consumer){.stream = stream, .service = service, .partition = p, .next = 1};
    }
}

/* ---- bad days ---- */

static void is_back(void *arg)
{
    struct sim_stream *stream = arg;

    stream->away = false;
    sim_note(stream->sim, "stream", "is back", ST_OK);
    pump_all(stream);
}

/* What was in hand is handed out again. */
void sim_stream_restart(struct sim_stream *stream, int64_t away_us)
{
    sim_note(stream->sim, "stream", "restarts", ST_OK);
    stream->epoch++;
    for (size_t i = 0; i < stream->n_consumers; i++) {
        stream->consumers[i].in_hand = false;
        stream->consumers[i].turn = ++stream->turns;
    }
    if (!stream->away)
        sim_post(stream->sim, away_us, is_back, stream);
    stream->away = true;
}

/* A consumer goes back to where it was some time ago, at the latest to the end of what there is. */
void sim_stream_lose(struct sim_stream *stream, size_t keep)
{
    if (keep < stream->n_entries) {
        stream->lost += stream->n_entries - keep;
        stream->n_entries = keep;
    }
    for (size_t i = 0; i < stream->n_consumers; i++) {
        struct sim_consumer *c = &stream->consumers[i];
        if (c->next > keep + 1)
            c->next = keep + 1;
        if (sim_chance(stream->sim, 200))
            c->next = 1 + sim_below(stream->sim, c->next);
    }
}

void sim_stream_vanish(struct sim_stream *stream)
{
    sim_stream_lose(stream, 0);
    stream->exists = false;
}

void sim_stream_make(struct sim_stream *stream)
{
    stream->exists = true;
    sim_note(stream->sim, "stream", "is made", ST_OK);
}

void sim_stream_init(struct sim_stream *stream, struct sim *sim)
{
    memset(stream, 0, sizeof(*stream));
    stream->sim = sim;
    stream->epoch = 1;
    stream->exists = true;
}

void sim_stream_fini(struct sim_stream *stream)
{
    for (struct sim_entry *e = stream->all, *older; e; e = older) {
        older = e->older;
        free(e);
    }
    for (struct sim_delivery *d = stream->deliveries, *older; d; d = older) {
        older = d->older;
        free(d);
    }
}
