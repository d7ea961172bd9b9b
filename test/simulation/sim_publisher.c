/* sim_publisher.c - see sim_publisher.h. One connection carries in order; what it carries when it
 * breaks may be in the stream, or not, or come there much later. */
#include "test/simulation/sim_publisher.h"

#include "tool/core/assert.h"
#include "tool/core/mem.h"

enum { QUICK_US = 200, LATE_US = 20000000, TIMEOUT_US = 2000000, CUTS_MAX = 1000 };

/* Of one publication. */
struct sim_flight {
    struct sim_flight *older;
    struct sim_publisher *publisher;
    struct publication *publication; /* NULL: its outcome is known */
    struct sim_entry *entry;
    uint64_t session, epoch;
    bool unheard; /* the acknowledgement is lost */
    enum status st;
    uint64_t seq;
    bool duplicate;
};

static struct sim_publisher *self_of(struct publisher *base)
{
    return container_of(base, struct sim_publisher, base);
}

static uint64_t session_of(const struct sim_publisher *self)
{
    return self->stream->away ? 0 : self->stream->epoch * CUTS_MAX + self->cuts;
}

static uint64_t op_session(struct publisher *base)
{
    return session_of(self_of(base));
}

static void resolve(struct sim_flight *flight, enum status st)
{
    struct sim_publisher *self = flight->publisher;
    struct publication *p = flight->publication;

    if (!p)
        return;
    flight->publication = NULL;
    p->st = st;
    p->stream_seq = flight->seq;
    p->duplicate = flight->duplicate;
    p->next = self->done;
    self->done = p;
    self->wake(self->arg);
}

static void is_acknowledged(void *arg)
{
    struct sim_flight *flight = arg;

    if (flight->session == session_of(flight->publisher))
        resolve(flight, flight->st);
}

static void arrives(void *arg)
{
    struct sim_flight *flight = arg;
    struct sim_publisher *self = flight->publisher;

    if (flight->epoch != self->stream->epoch)
        return;
    flight->st = sim_stream_put(self->stream, flight->entry, &flight->seq, &flight->duplicate);
    if (!flight->unheard)
        sim_post(self->stream->sim, QUICK_US, is_acknowledged, flight);
}

static void is_too_late(void *arg)
{
    resolve(arg, ST_TIMEOUT);
}

/* When it arrives; negative: never. */
static int64_t way_us(struct sim_publisher *self)
{
    struct sim *sim = self->stream->sim;
    const struct sim_air *air = self->air;
    int64_t at_us = sim->now_us + QUICK_US;

    if (sim->now_us < air->over_us) {
        if (sim_chance(sim, air->drop))
            return -1;
        if (sim_chance(sim, air->late))
            return (int64_t)sim_below(sim, LATE_US);
        at_us += (int64_t)sim_below(sim, (uint64_t)air->delay_us + 1);
    }
    if (self->last_us < at_us)
        self->last_us = at_us;
    return self->last_us - sim->now_us;
}

static void launch(struct sim_publisher *self, struct publication *p, uint64_t session,
                   enum sim_fate fate)
{
    struct sim_flight *flight = MEM_NEW(struct sim_flight);
    int64_t delay_us = way_us(self);

    *flight = (struct sim_flight){
        .older = self->flights,
        .publisher = self,
        .publication = p,
        .entry = sim_stream_entry(self->stream, &p->row, self->source),
        .session = session,
        .epoch = self->stream->epoch,
        .unheard = fate == SIM_LOSE,
    };
    self->flights = flight;
    if (sim_goes(fate) && delay_us >= 0 && session == session_of(self))
        sim_post(self->stream->sim, delay_us, arrives, flight);
    sim_post(self->stream->sim, TIMEOUT_US, is_too_late, flight);
    if (self->process->mistakes->claims) {
        flight->seq = self->stream->n_entries + 1;
        flight->duplicate = true; /* who knows */
        resolve(flight, ST_OK);
    }
}

static void send(struct publisher *base, struct publication *list, uint64_t session)
{
    struct sim_publisher *self = self_of(base);

    for (struct publication *p = list, *next; p; p = next) {
        enum sim_fate fate;
        next = p->next;
        self->process->asks = true;
        fate = sim_enter(self->process, "publish");
        self->process->asks = false;
        launch(self, p, session, fate);
        sim_leave(self->process, fate, "publish", ST_OK);
    }
}

static struct publication *collect(struct publisher *base)
{
    struct sim_publisher *self = self_of(base);
    uint64_t now = session_of(self);
    struct publication *done;

    for (struct sim_flight *flight = self->flights; flight; flight = flight->older)
        if (flight->publication && flight->session != now)
            resolve(flight, ST_UNAVAILABLE);
    done = self->done;
    self->done = NULL;
    return done;
}

/* ---- questions ---- */

static enum sim_fate ask(struct sim_publisher *self, const char *what)
{
    enum sim_fate fate;

    self->process->asks = true;
    fate = sim_enter(self->process, what);
    self->process->asks = false;
    return fate;
}

/* What it sees of an answer; one that is lost is none. */
static enum status answer(struct sim_publisher *self, enum sim_fate fate, const char *what,
                          enum status st)
{
    st = sim_leave(self->process, fate, what, self->stream->away ? ST_UNAVAILABLE : st);
    return st == ST_UNCERTAIN ? ST_TIMEOUT : st;
}

static enum status span(struct publisher *base, const struct call *call, uint64_t *first,
                        uint64_t *last)
{
    struct sim_publisher *self = self_of(base);
    enum sim_fate fate = ask(self, "stream.span");

    (void)call;
    if (!sim_goes(fate))
        return ST_UNAVAILABLE;
    *first = self->process->mistakes->believes ? UINT64_MAX : 1;
    *last = self->process->mistakes->believes ? UINT64_MAX : self->stream->n_entries;
    return answer(self, fate, "stream.span", self->stream->exists ? ST_OK : ST_NOT_FOUND);
}

static enum status id_at(struct publisher *base, const struct call *call, uint64_t stream_seq,
                         struct uuid *id)
{
    struct sim_publisher *self = self_of(base);
    enum sim_fate fate = ask(self, "stream.id_at");
    bool there = stream_seq > 0 && stream_seq <= self->stream->n_entries;

    (void)call;
    if (!sim_goes(fate))
        return ST_UNAVAILABLE;
    if (there)
        *id = self->stream->entries[stream_seq - 1]->event_id;
    return answer(self, fate, "stream.id_at", there ? ST_OK : ST_NOT_FOUND);
}

static enum status create(struct publisher *base, const struct call *call)
{
    struct sim_publisher *self = self_of(base);
    enum sim_fate fate = ask(self, "stream.create");

    (void)call;
    if (!sim_goes(fate))
        return ST_UNAVAILABLE;
    if (!self->stream->away)
        sim_stream_make(self->stream);
    return answer(self, fate, "stream.create", ST_OK);
}

static const struct publisher_ops OPS = {
    .session = op_session,
    .send = send,
    .collect = collect,
    .span = span,
    .id_at = id_at,
    .create = create,
};

void sim_publisher_init(struct sim_publisher *publisher)
{
    publisher->base.ops = &OPS;
}

void sim_publisher_fini(struct sim_publisher *publisher)
{
    for (struct sim_flight *flight = publisher->flights, *older; flight; flight = older) {
        older = flight->older;
        free(flight);
    }
}
