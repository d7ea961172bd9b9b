/* relay.c - one turn: hold, collect, mark, check, feed. */
#include "tool/outbox/relay.h"

#include <string.h>

#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/outbox/relay_private.h"

enum {
    LEASE_MS = 3000, /* with the pause between two tries, a partition is taken over within 5 s */
    HOLD_MS = 1000,
    LEASE_MARGIN_MS = 500,
    AWAY_MS = 2000,  /* without a connection: a partition is for somebody else */
    FEED_ROWS = 512, /* at a time: some are read while others are on their way */
    GATHER_MAX_MS = 15,
    LOOK_MS = 100,     /* at what is on its way, when nothing waits for it */
    POLL_MIN_MS = 4,   /* where other processes write too, who wake nobody here */
    POLL_MAX_MS = 250, /* nobody is woken by a commit whose process died, or by a late one */
};

struct call relay_call(const struct relay *relay)
{
    const struct clock *clock = relay->config.clock;

    return (struct call){.clock = clock, .deadline_ms = clock_now_ms(clock) + RELAY_CALL_MS};
}

uint32_t relay_idle(const struct relay *relay)
{
    uint32_t idle = OUTBOX_ALL;

    for (unsigned p = 0; p < EVENT_PARTITIONS; p++)
        if (relay->flying[p] > 0)
            idle &= ~(UINT32_C(1) << p);
    return idle;
}

/* ---- who relays what ---- */

static void set_held(struct relay *relay, uint32_t held)
{
    relay_disown(relay, relay->held & ~held);
    relay->sound &= held & relay->held; /* what is new may be in any state */
    relay->held = held;
    relay->more |= held;
    atomic_store(&relay->n_held, held);
}

void relay_leave(struct relay *relay)
{
    struct partition_lease *lease = relay->config.lease;
    struct call call = relay_call(relay);

    relay_collect(relay);
    if (relay->n_sent > 0)
        relay_mark(relay, NULL);
    set_held(relay, 0);
    if (lease->ops->leave(lease, &call, relay->self) != ST_OK)
        log_info("partitions are not given back; their leases end by themselves");
}

static void renew(struct relay *relay, int64_t now_ms)
{
    struct partition_lease *lease = relay->config.lease;
    struct call call = relay_call(relay);
    uint32_t held = 0;

    relay->hold_at_ms = now_ms + RELAY_RETRY_MS;
    if (relay->held && now_ms >= relay->held_until_ms) /* others may have held them meanwhile */
        set_held(relay, 0);
    if (lease->ops->hold(lease, &call, relay->self, LEASE_MS, &held, &relay->holders) != ST_OK)
        return;
    if (held != relay->held)
        set_held(relay, held);
    relay->hold_at_ms = now_ms + HOLD_MS;
    relay->held_until_ms = now_ms + LEASE_MS - LEASE_MARGIN_MS;
}

static void hold(struct relay *relay)
{
    int64_t now_ms = clock_now_ms(relay->config.clock);
    bool away;

    if (relay->session != 0)
        relay->heard_ms = now_ms;
    away = now_ms - relay->heard_ms > AWAY_MS;
    if (away && relay->held)
        relay_leave(relay);
    if (now_ms >= relay->hold_at_ms && away)
        relay->hold_at_ms = now_ms + HOLD_MS;
    else if (now_ms >= relay->hold_at_ms)
        renew(relay, now_ms);
    /* A process that stood still believes so too long if it asks nobody. */
    if (relay->held && clock_now_ms(relay->config.clock) >= relay->held_until_ms)
        set_held(relay, 0);
}

/* ---- what is sent ---- */

/* Not those that the stream has already, though the table does not say so. What is kept is moved to
 * the front; returns how many. */
static size_t drop_sent(const struct relay *relay, struct outbox_row *rows[], size_t n)
{
    size_t kept = 0;

    for (size_t i = 0; i < n; i++) {
        struct outbox_row *row = rows[i];
        if (relay_has_unmarked(relay, row->seq))
            continue;
        rows[i] = rows[kept];
        rows[kept++] = row;
    }
    return kept;
}

/* In rows[0..n), which are of one partition from `first` on. */
static bool has_key(struct outbox_row *const rows[], size_t first, size_t n, struct uuid key)
{
    for (size_t i = first; i < n; i++)
        if (uuid_equal(rows[i]->key, key))
            return true;
    return false;
}

/* Keeps the first of each key; the others are for later. As drop_sent. */
static size_t first_of_each(struct relay *relay, struct outbox_row *rows[], size_t n)
{
    size_t kept = 0, first = 0;

    for (size_t i = 0; i < n; i++) {
        struct outbox_row *row = rows[i];
        if (kept > 0 && rows[kept - 1]->partition != row->partition)
            first = kept;
        if (has_key(rows, first, kept, row->key)) {
            relay->more |= UINT32_C(1) << row->partition;
            continue;
        }
        rows[i] = rows[kept];
        rows[kept++] = row;
    }
    return kept;
}

static void send(struct relay *relay, struct outbox_row *const rows[], size_t n)
{
    struct publisher *publisher = relay->config.publisher;
    struct publication *list = NULL;

    for (size_t i = n; i-- > 0;) {
        struct publication *p = container_of(rows[i], struct publication, row);
        relay->flying[p->row.partition]++;
        relay->n_flying++;
        p->tenure = relay->tenure[p->row.partition];
        p->next = list;
        list = p;
    }
    if (list)
        publisher->ops->send(publisher, list, relay->session);
}

/* What is on its way comes back to be kept until it is marked. */
static size_t room_for(const struct relay *relay)
{
    return relay->n_free > relay->n_sent ? relay->n_free - relay->n_sent : 0;
}

/* Those that may be sent from now. Few that are not marked are read once more, and passed over. */
static uint32_t ready(const struct relay *relay)
{
    bool light = relay_is_light(relay);
    uint32_t may = relay->held & relay->sound & relay_idle(relay);

    if (room_for(relay) <= (light ? relay->n_sent : 0))
        return 0;
    return light ? may : may & ~relay->unmarked;
}

/* What is to be sent now: it is on disk before anybody is told. */
static enum status read_new(struct relay *relay, uint32_t partitions, size_t room,
                            struct outbox_row *rows[], size_t *kept)
{
    struct outbox *outbox = relay->config.outbox;
    struct call call = relay_call(relay);
    size_t n = 0;
    enum status st = outbox->ops->pending(outbox, &call, partitions, room, rows, &n);

    if (st != ST_OK)
        return st;
    if (n == room)
        relay->more |= partitions;
    *kept = first_of_each(relay, rows, drop_sent(relay, rows, n));
    return *kept > 0 && !relay->config.on_disk ? relay_mark(relay, rows[0]) : ST_OK;
}

/* Of these partitions, which are ready. Returns how many were sent. */
static size_t feed_from(struct relay *relay, uint32_t partitions)
{
    struct outbox_row *rows[FEED_ROWS];
    size_t kept = 0, room = room_for(relay) < FEED_ROWS ? room_for(relay) : FEED_ROWS;

    for (size_t i = 0; i < room; i++)
        rows[i] = &relay->free[--relay->n_free]->row;
    relay->more &= ~partitions;
    if (read_new(relay, partitions, room, rows, &kept) != ST_OK) {
        kept = 0;
        relay->more |= partitions;
        relay->feed_at_ms = clock_now_ms(relay->config.clock) + RELAY_RETRY_MS;
    }
    send(relay, rows, kept);
    for (size_t i = room; i-- > kept;)
        relay->free[relay->n_free++] = container_of(rows[i], struct publication, row);
    return kept;
}

static bool is_fed(const struct relay *relay, int64_t now_ms)
{
    struct publisher *publisher = relay->config.publisher;

    return now_ms >= relay->feed_at_ms && now_ms >= relay->gather_at_ms && relay->session != 0 &&
           publisher->ops->session(publisher) == relay->session;
}

/* Who comes first goes at once. Then as long is waited as one more takes to come, so that half of
 * them wait for nothing; if that is long, for none. */
static void gather(struct relay *relay, int64_t now_ms, size_t n)
{
    int64_t each_us = (now_ms - relay->fed_ms) * 1000 / (int64_t)n;

    if (each_us > 4 * GATHER_MAX_MS * 1000)
        each_us = 4 * GATHER_MAX_MS * 1000;
    relay->gap_us += (each_us - relay->gap_us) / 8;
    relay->fed_ms = now_ms;
    if (relay->gap_us <= GATHER_MAX_MS * 1000)
        relay->gather_at_ms = clock_now_ms(relay->config.clock) + relay->gap_us / 1000;
}

static void feed(struct relay *relay)
{
    int64_t now_ms = clock_now_ms(relay->config.clock);
    uint32_t partitions;
    size_t n;

    if (!ready(relay) || !is_fed(relay, now_ms) || now_ms >= relay->held_until_ms)
        return;
    if (atomic_exchange(&relay->woken, false) || now_ms >= relay->poll_at_ms)
        relay->more |= relay->held;
    partitions = ready(relay) & relay->more;
    if (!partitions)
        return;
    n = feed_from(relay, partitions);
    if (n > 0 && !(relay->more & partitions) && !relay->config.on_disk)
        gather(relay, now_ms, n);
    if (relay->holders < 2)
        relay->poll_ms = POLL_MAX_MS;
    else
        relay->poll_ms = n > 0 ? POLL_MIN_MS : relay->poll_ms * 2;
    if (relay->poll_ms > POLL_MAX_MS)
        relay->poll_ms = POLL_MAX_MS;
    relay->poll_at_ms = now_ms + relay->poll_ms;
}

/* ---- turns ---- */

static void look_at_session(struct relay *relay)
{
    struct publisher *publisher = relay->config.publisher;
    uint64_t session = publisher->ops->session(publisher);

    if (session != relay->session)
        relay->sound = 0;
    relay->session = session;
}

static int64_t sooner(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t pause_ms(const struct relay *relay)
{
    int64_t now_ms = clock_now_ms(relay->config.clock);
    uint32_t doubtful = relay->held & ~relay->sound & relay_idle(relay) & ~relay->unmarked;
    int64_t at_ms = relay->hold_at_ms;

    if (relay->n_flying > 0)
        at_ms = sooner(at_ms, now_ms + LOOK_MS);
    if (relay->session != 0 && relay->held)
        at_ms = sooner(at_ms, relay->check_at_ms);
    if (relay->session != 0 && doubtful)
        at_ms = sooner(at_ms, relay->feed_at_ms);
    if (relay->session != 0 && ready(relay) & relay->more)
        at_ms = sooner(at_ms, later(relay->feed_at_ms, relay->gather_at_ms));
    if (relay->gather_at_ms > now_ms) /* nobody is woken before */
        at_ms = sooner(at_ms, relay->gather_at_ms);
    if (relay->session != 0 && ready(relay))
        at_ms = sooner(at_ms, relay->poll_at_ms);
    if (at_ms < relay->feed_at_ms) /* nothing is done before */
        at_ms = sooner(relay->feed_at_ms, relay->hold_at_ms);
    at_ms = sooner(at_ms, relay_mark_at_ms(relay));
    if (relay->session == 0)
        at_ms = sooner(at_ms, now_ms + RELAY_RETRY_MS);
    return at_ms > now_ms ? at_ms - now_ms : 0;
}

/* Whether it would go on if it knew what becomes of what is on its way. */
static bool waits(const struct relay *relay)
{
    uint32_t busy = ~relay_idle(relay);

    return relay->session == 0 || room_for(relay) <= relay->n_sent || !relay_is_light(relay) ||
           (busy & relay->held & (relay->more | ~relay->sound));
}

/* Says who is to be woken; what has come just before that has woken nobody. */
static bool missed(struct relay *relay)
{
    int64_t now_ms = clock_now_ms(relay->config.clock);
    bool wait = waits(relay);

    atomic_store(&relay->waits, wait);
    atomic_store(&relay->gathers, now_ms < relay->gather_at_ms);
    if (wait && relay_collect(relay))
        return true;
    return atomic_load(&relay->woken) && ready(relay) && is_fed(relay, now_ms);
}

int64_t relay_turn(struct relay *relay)
{
    look_at_session(relay);
    hold(relay);
    relay_collect(relay);
    relay_mark_due(relay);
    if (relay->session != 0) {
        relay_check(relay);
        feed(relay);
    }
    return missed(relay) ? 0 : pause_ms(relay);
}

bool relay_waits(const struct relay *relay)
{
    return atomic_load(&relay->waits);
}

bool relay_wake(struct relay *relay)
{
    atomic_store(&relay->woken, true);
    return !atomic_load(&relay->gathers);
}

struct relay_counts relay_counts(const struct relay *relay)
{
    return (struct relay_counts){.held = (uint32_t)atomic_load(&relay->n_held),
                                 .sent = atomic_load(&relay->n_acknowledged),
                                 .failed = atomic_load(&relay->n_failed),
                                 .again = atomic_load(&relay->n_again)};
}

struct relay *relay_create(const struct relay_config *config)
{
    struct relay *relay = MEM_NEW(struct relay);

    relay->config = *config;
    relay->self = uuid_v7(config->clock, config->entropy);
    relay->poll_ms = POLL_MAX_MS;
    relay->waits = true;
    relay->gap_us = 4 * GATHER_MAX_MS * 1000;
    if (relay->config.rows == 0)
        relay->config.rows = RELAY_ROWS;
    relay->publications = mem_alloc(relay->config.rows, sizeof(*relay->publications));
    for (size_t i = relay->config.rows; i-- > 0;)
        relay->free[relay->n_free++] = &relay->publications[i];
    return relay;
}

void relay_destroy(struct relay *relay)
{
    if (!relay)
        return;
    free(relay->publications);
    free(relay);
}
