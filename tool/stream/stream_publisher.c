/* stream_publisher.c - see stream_publisher.h. The relay's thread hands lists over and takes them
 * back; everything in between is the loop's. */
#include "tool/stream/stream_publisher.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/log.h"
#include "tool/core/loop_task.h"
#include "tool/core/loop_timer.h"
#include "tool/core/mem.h"
#include "tool/message/link_private.h"
#include "tool/proxy/proxy.h"
#include "tool/stream/cloud_event.h"
#include "tool/stream/stream_hazards.h"
#include "tool/stream/stream_reply.h"

enum {
    SLOTS = 1024,
    LOOK_MS = 100,  /* at the connection, and at what is late */
    LATE_MS = 5000, /* an acknowledgement that does not come any more */
    SOURCE_MAX = 63,
};

#define ASK_INFO "$JS.API.STREAM.INFO." STREAM_EVENTS
#define ASK_GET "$JS.API.STREAM.MSG.GET." STREAM_EVENTS
#define ASK_CREATE "$JS.API.STREAM.CREATE." STREAM_EVENTS

static const struct operation INFO = {
    .subject = ASK_INFO, .reply = &STREAM_INFO, .idempotent = true};
static const struct operation GET = {
    .subject = ASK_GET, .request = &STREAM_GET, .reply = &STREAM_GOT, .idempotent = true};
static const struct operation *const CALLS[] = {&INFO, &GET};

/* The loop's: who waits for an acknowledgement. */
struct slot {
    struct publication *publication; /* NULL = free */
    uint32_t generation;
    int64_t late_ms;
};

struct stream_publisher {
    struct publisher base;
    struct stream_publisher_config config;
    char source[SOURCE_MAX + 1];
    struct proxy *proxy;
    atomic_uint_fast64_t session; /* of the connection there is, or will be */

    pthread_mutex_t lock;              /* of the two lists */
    struct publication *first, **last; /* handed over */
    uint64_t first_session;            /* for which they are */
    bool posted;
    struct publication *done;
    struct loop_task task;

    /* The loop's. */
    struct slot slots[SLOTS];
    unsigned next_slot, n_flying;
    struct link_sub acks;
    size_t prefix_len;
    struct link_watcher watcher;
    struct loop_timer timer;
    bool up, failing;
    bool hazards_said; /* the relay's thread's */
};

static struct stream_publisher *self_of(struct publisher *base)
{
    return container_of(base, struct stream_publisher, base);
}

/* ---- in the loop */

static void finish(struct stream_publisher *self, struct publication *p, enum status st)
{
    bool first;

    p->st = st;
    pthread_mutex_lock(&self->lock);
    first = !self->done;
    p->next = self->done;
    self->done = p;
    pthread_mutex_unlock(&self->lock);
    if (first)
        self->config.changed(self->config.arg);
}

static void finish_slot(struct stream_publisher *self, struct slot *slot, enum status st)
{
    struct publication *p = slot->publication;

    slot->publication = NULL;
    slot->generation++;
    self->n_flying--;
    finish(self, p, st);
}

static void finish_all(struct stream_publisher *self, enum status st, int64_t late_ms)
{
    for (size_t i = 0; i < SLOTS && self->n_flying > 0; i++)
        if (self->slots[i].publication && self->slots[i].late_ms <= late_ms)
            finish_slot(self, &self->slots[i], st);
}

static void note_failing(struct stream_publisher *self, const char *why)
{
    if (!self->failing && why)
        log_warn("the stream does not take events", LOG_TEXT("stream", self->config.stream->name),
                 LOG_TEXT("why", why));
    if (self->failing && !why)
        log_info("the stream takes events again", LOG_TEXT("stream", self->config.stream->name));
    self->failing = why != NULL;
}

static struct slot *take_slot(struct stream_publisher *self)
{
    while (self->slots[self->next_slot % SLOTS].publication)
        self->next_slot++;
    if (self->n_flying++ == 0)
        loop_timer_set(self->config.loop, &self->timer, LOOK_MS);
    return &self->slots[self->next_slot++ % SLOTS];
}

static void publish(struct stream_publisher *self, struct publication *p)
{
    struct slot *slot;
    struct cloud_event event;
    char reply_to[LINK_SUBJECT_MAX + 1];
    enum status st;

    if (self->n_flying == SLOTS) {
        finish(self, p, ST_UNAVAILABLE);
        return;
    }
    slot = take_slot(self);
    slot->publication = p;
    slot->late_ms = clock_now_ms(self->config.clock) + LATE_MS;
    snprintf(reply_to, sizeof(reply_to), "%.*s%zu.%u", (int)self->prefix_len, self->acks.subject,
             (size_t)(slot - self->slots), slot->generation);
    cloud_event_init(&event, &p->row, self->source);
    st = link_publish(self->config.link, &event.message, event.subject, reply_to);
    if (st == ST_OK)
        return;
    if (st != ST_UNAVAILABLE)
        log_error("an event that cannot be published", LOG_UUID("event", p->row.id),
                  LOG_TEXT("type", p->row.type), LOG_STATUS(st));
    finish_slot(self, slot, ST_UNAVAILABLE);
}

/* What was handed over for a connection that is gone is not for the next one. */
static void on_handed_over(void *arg)
{
    struct stream_publisher *self = arg;
    struct publication *p, *next;
    uint64_t session;

    pthread_mutex_lock(&self->lock);
    p = self->first;
    session = self->first_session;
    self->first = NULL;
    self->last = &self->first;
    self->posted = false;
    pthread_mutex_unlock(&self->lock);
    for (; p; p = next) {
        next = p->next;
        if (session == atomic_load(&self->session))
            publish(self, p);
        else
            finish(self, p, ST_UNAVAILABLE);
    }
}

static struct slot *find_slot(struct stream_publisher *self, const char *subject)
{
    unsigned long i, generation;
    char *end;

    i = strtoul(subject + self->prefix_len, &end, 10);
    if (*end != '.' || i >= SLOTS)
        return NULL;
    generation = strtoul(end + 1, &end, 10);
    return self->slots[i].publication && self->slots[i].generation == generation ? &self->slots[i]
                                                                                 : NULL;
}

static void on_ack(void *arg, natsMsg *msg)
{
    struct stream_publisher *self = arg;
    struct stream_ack ack;
    struct slot *slot;
    enum status st;

    if (!msg) { /* no stream takes it; libnats does not say which */
        note_failing(self, "there is no such stream");
        finish_all(self, ST_NOT_FOUND, INT64_MAX);
        return;
    }
    slot = find_slot(self, natsMsg_GetSubject(msg));
    if (slot) {
        st = stream_ack_read(natsMsg_GetData(msg), (size_t)natsMsg_GetDataLength(msg), &ack);
        slot->publication->stream_seq = (uint64_t)ack.seq;
        slot->publication->duplicate = ack.duplicate;
        note_failing(self, st == ST_OK ? NULL : ack.error.description);
        finish_slot(self, slot, st);
    }
    natsMsg_Destroy(msg);
}

static void on_lost(void *arg)
{
    struct stream_publisher *self = arg;

    self->up = false;
    atomic_fetch_add(&self->session, 1);
    finish_all(self, ST_UNAVAILABLE, INT64_MAX);
    loop_timer_set(self->config.loop, &self->timer, LOOK_MS);
    self->config.changed(self->config.arg);
}

static void look(void *arg)
{
    struct stream_publisher *self = arg;

    if (!self->up && link_is_up(self->config.link)) {
        self->up = true;
        self->config.changed(self->config.arg);
    }
    finish_all(self, ST_TIMEOUT, clock_now_ms(self->config.clock));
    if (!self->up || self->n_flying > 0)
        loop_timer_set(self->config.loop, &self->timer, LOOK_MS);
}

/* ---- in the relay's thread */

static uint64_t session(struct publisher *base)
{
    struct stream_publisher *self = self_of(base);
    uint64_t now = atomic_load(&self->session);

    return link_is_up(self->config.link) ? now : 0;
}

/* Lists for two connections at once: the former is gone, and nothing of them is published. */
static void send(struct publisher *base, struct publication *list, uint64_t session_of_list)
{
    struct stream_publisher *self = self_of(base);
    bool post;

    pthread_mutex_lock(&self->lock);
    if (!self->first || self->first_session == session_of_list)
        self->first_session = session_of_list;
    else
        self->first_session = 0;
    *self->last = list;
    while (*self->last)
        self->last = &(*self->last)->next;
    post = !self->posted;
    self->posted = true;
    pthread_mutex_unlock(&self->lock);
    if (post)
        loop_post(self->config.loop, &self->task);
}

static struct publication *collect(struct publisher *base)
{
    struct stream_publisher *self = self_of(base);
    struct publication *list;

    pthread_mutex_lock(&self->lock);
    list = self->done;
    self->done = NULL;
    pthread_mutex_unlock(&self->lock);
    return list;
}

static enum status status_of(enum status st, const struct stream_error *error)
{
    if (st != ST_OK)
        return st == ST_TIMEOUT ? st : ST_UNAVAILABLE;
    if (error->code == 0)
        return ST_OK;
    return error->code == 404 ? ST_NOT_FOUND : ST_UNAVAILABLE;
}

static enum status span(struct publisher *base, const struct call *call, uint64_t *first,
                        uint64_t *last)
{
    struct stream_info info = {0};
    enum status st = proxy_call(self_of(base)->proxy, call, &INFO, NULL, &info);

    st = status_of(st, &info.error);
    if (st == ST_OK) {
        if (!self_of(base)->hazards_said)
            stream_hazards_log(self_of(base)->config.stream->name, &info);
        self_of(base)->hazards_said = true;
        *first = (uint64_t)info.state.first_seq;
        *last = (uint64_t)info.state.last_seq;
    }
    return st;
}

static enum status id_at(struct publisher *base, const struct call *call, uint64_t stream_seq,
                         struct uuid *id)
{
    struct stream_get get = {(int64_t)stream_seq};
    struct stream_got got = {0};
    enum status st = proxy_call(self_of(base)->proxy, call, &GET, &get, &got);

    st = status_of(st, &got.error);
    if (st == ST_OK && !stream_msg_id(got.message.hdrs, id))
        *id = (struct uuid){{0}}; /* another's */
    return st;
}

static enum status create(struct publisher *base, const struct call *call)
{
    const struct stream_publisher_config *config = &self_of(base)->config;

    return stream_make(config->stream, config->nats, config->replicas, call);
}

static const struct publisher_ops OPS = {
    .session = session,
    .send = send,
    .collect = collect,
    .span = span,
    .id_at = id_at,
    .create = create,
};

/* ---- life */

static void start_hearing(struct stream_publisher *self)
{
    int n = snprintf(self->acks.subject, sizeof(self->acks.subject), "%s.ack.",
                     link_inbox(self->config.link));

    ASSERT(n > 0 && n + 1 < (int)sizeof(self->acks.subject));
    self->prefix_len = (size_t)n;
    self->acks.subject[n] = '>';
    self->acks.fn = on_ack;
    self->acks.arg = self;
    link_add_sub(self->config.link, &self->acks);
    self->watcher = (struct link_watcher){.lost = on_lost, .arg = self};
    link_add_watcher(self->config.link, &self->watcher);
    self->timer = (struct loop_timer){.fn = look, .arg = self};
    loop_timer_set(self->config.loop, &self->timer, LOOK_MS);
}

struct stream_publisher *stream_publisher_create(const struct stream_publisher_config *config)
{
    struct stream_publisher *self = MEM_NEW(struct stream_publisher);

    self->base.ops = &OPS;
    self->config = *config;
    snprintf(self->source, sizeof(self->source), "/hanok/%s", config->service);
    self->session = 1;
    pthread_mutex_init(&self->lock, NULL);
    self->last = &self->first;
    self->task = (struct loop_task){.fn = on_handed_over, .arg = self};
    self->proxy = proxy_create(&(struct proxy_config){.client = config->client,
                                                      .loop = config->loop,
                                                      .calls = CALLS,
                                                      .n_calls = ARRAY_LEN(CALLS)});
    start_hearing(self);
    return self;
}

struct publisher *stream_publisher_base(struct stream_publisher *self)
{
    return &self->base;
}

const char *stream_publisher_asks(size_t i)
{
    static const char *const ASKS[] = {ASK_INFO, ASK_GET, ASK_CREATE};

    return i < ARRAY_LEN(ASKS) ? ASKS[i] : NULL;
}

void stream_publisher_destroy(struct stream_publisher *self)
{
    if (!self)
        return;
    loop_timer_cancel(self->config.loop, &self->timer);
    link_remove_watcher(self->config.link, &self->watcher);
    link_remove_sub(self->config.link, &self->acks);
    proxy_destroy(self->proxy);
    pthread_mutex_destroy(&self->lock);
    free(self);
}
