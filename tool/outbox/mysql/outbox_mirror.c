/* outbox_mirror.c - see outbox_mirror.h. */
#include "tool/outbox/mysql/outbox_mirror.h"

#include <pthread.h>
#include <string.h>

#include "tool/core/mem.h"

struct mirrored {
    struct mirrored *next; /* of its partition, with a higher seq */
    uint64_t sent_as;      /* in the stream, as far as is known here; 0 = it is to be sent */
    struct outbox_row row; /* its JSON, which comes last, is as long as it is */
};

struct lane {
    struct mirrored *first, *last;
    bool complete;             /* the table has been read ... */
    struct gtid_position from; /* ... later than the log was here */
};

struct outbox_mirror {
    pthread_mutex_t lock;
    bool open;        /* a log is read, or will be, from `position` on */
    bool live;        /* it is */
    uint64_t opening; /* how many there were */
    uint32_t exact;   /* partitions: bits */
    struct gtid_position position;
    struct lane lanes[EVENT_PARTITIONS];
    size_t n, max;
};

struct outbox_mirror *outbox_mirror_create(size_t rows)
{
    struct outbox_mirror *m = MEM_NEW(struct outbox_mirror);

    m->max = rows > 0 ? rows : OUTBOX_MIRROR_ROWS;
    pthread_mutex_init(&m->lock, NULL);
    return m;
}

/* ---- rows ---- */

static void copy_row(struct outbox_row *to, const struct outbox_row *from)
{
    memcpy(to, from, offsetof(struct outbox_row, json) + strlen(from->json) + 1);
}

static struct mirrored *make(const struct outbox_row *row)
{
    size_t size = offsetof(struct mirrored, row) + offsetof(struct outbox_row, json);
    struct mirrored *it = mem_alloc(1, size + strlen(row->json) + 1);

    copy_row(&it->row, row);
    return it;
}

/* The row's place: the link that leads to it, or to the first one behind it. */
static struct mirrored **find(struct lane *lane, uint64_t seq)
{
    struct mirrored **at = &lane->first;

    if (lane->last && seq > lane->last->row.seq)
        return &lane->last->next;
    while (*at && (*at)->row.seq < seq)
        at = &(*at)->next;
    return at;
}

static struct mirrored *at_seq(struct mirrored **place, uint64_t seq)
{
    return *place && (*place)->row.seq == seq ? *place : NULL;
}

static struct mirrored *add(struct outbox_mirror *m, const struct outbox_row *row)
{
    struct lane *lane = &m->lanes[row->partition];
    struct mirrored **place = find(lane, row->seq), *it = at_seq(place, row->seq);

    if (it)
        return it;
    it = make(row);
    it->next = *place;
    *place = it;
    if (!it->next)
        lane->last = it;
    m->n++;
    return it;
}

static void take_out(struct outbox_mirror *m, struct lane *lane, struct mirrored **place)
{
    struct mirrored *it = *place;

    *place = it->next;
    if (lane->last == it)
        lane->last = place == &lane->first ? NULL : container_of(place, struct mirrored, next);
    free(it);
    m->n--;
}

static void forget(struct outbox_mirror *m)
{
    m->open = m->live = false;
    m->exact = 0;
    for (unsigned p = 0; p < EVENT_PARTITIONS; p++) {
        while (m->lanes[p].first)
            take_out(m, &m->lanes[p], &m->lanes[p].first);
        m->lanes[p].complete = false;
    }
}

void outbox_mirror_destroy(struct outbox_mirror *m)
{
    if (!m)
        return;
    forget(m);
    pthread_mutex_destroy(&m->lock);
    free(m);
}

/* ---- the tail's ---- */

void outbox_mirror_open(struct outbox_mirror *m, const struct gtid_position *from)
{
    pthread_mutex_lock(&m->lock);
    forget(m);
    m->position = *from;
    m->open = m->live = true;
    m->opening++;
    pthread_mutex_unlock(&m->lock);
}

void outbox_mirror_pause(struct outbox_mirror *m)
{
    pthread_mutex_lock(&m->lock);
    m->live = false;
    pthread_mutex_unlock(&m->lock);
}

void outbox_mirror_resume(struct outbox_mirror *m)
{
    pthread_mutex_lock(&m->lock);
    m->live = m->open;
    pthread_mutex_unlock(&m->lock);
}

void outbox_mirror_close(struct outbox_mirror *m)
{
    pthread_mutex_lock(&m->lock);
    forget(m);
    pthread_mutex_unlock(&m->lock);
}

static void find_exact(struct outbox_mirror *m)
{
    for (unsigned p = 0; p < EVENT_PARTITIONS; p++)
        if (m->lanes[p].complete && gtid_covers(&m->position, &m->lanes[p].from))
            m->exact |= UINT32_C(1) << p;
}

bool outbox_mirror_is_behind(struct outbox_mirror *m)
{
    bool behind = false;

    pthread_mutex_lock(&m->lock);
    for (unsigned p = 0; p < EVENT_PARTITIONS; p++)
        behind |= m->lanes[p].complete && !(m->exact >> p & 1);
    pthread_mutex_unlock(&m->lock);
    return behind;
}

/* Sent as another number than we know: it was sent before, lost, and sent again since. */
static void apply(struct outbox_mirror *m, const struct mirror_change *change)
{
    struct lane *lane = &m->lanes[change->row->partition];
    struct mirrored **place, *it;

    if (change->kind == MIRROR_PENDING) {
        add(m, change->row);
        return;
    }
    place = find(lane, change->row->seq);
    it = at_seq(place, change->row->seq);
    if (it &&
        (change->kind == MIRROR_GONE || it->sent_as == 0 || it->sent_as == change->stream_seq))
        take_out(m, lane, place);
}

bool outbox_mirror_commit(struct outbox_mirror *m, const struct mirror_change changes[], size_t n,
                          const struct gtid_position *position)
{
    bool fits;

    pthread_mutex_lock(&m->lock);
    for (size_t i = 0; i < n && m->open; i++)
        apply(m, &changes[i]);
    m->position = *position;
    fits = m->n <= m->max;
    if (!fits)
        forget(m);
    else if (m->exact != OUTBOX_ALL)
        find_exact(m);
    pthread_mutex_unlock(&m->lock);
    return fits;
}

/* ---- the relay's ---- */

bool outbox_mirror_pending(struct outbox_mirror *m, uint32_t partitions, size_t max,
                           struct outbox_row *const rows[], size_t *n)
{
    bool exact;

    pthread_mutex_lock(&m->lock);
    exact = m->live && (m->exact & partitions) == partitions;
    *n = 0;
    for (unsigned p = 0; p < EVENT_PARTITIONS && exact; p++) {
        const struct mirrored *it = partitions >> p & 1 ? m->lanes[p].first : NULL;
        for (; it && *n < max; it = it->next)
            if (it->sent_as == 0)
                copy_row(rows[(*n)++], &it->row);
    }
    pthread_mutex_unlock(&m->lock);
    return exact;
}

uint64_t outbox_mirror_opening(struct outbox_mirror *m)
{
    uint64_t opening;

    pthread_mutex_lock(&m->lock);
    opening = m->open ? m->opening : 0;
    pthread_mutex_unlock(&m->lock);
    return opening;
}

static void take_reading(struct outbox_mirror *m, const struct mirror_reading *reading,
                         struct outbox_row *const rows[], size_t n)
{
    for (size_t i = 0; i < n; i++)
        add(m, rows[i])->sent_as = 0; /* even if it had been: it is to be sent again */
    for (unsigned p = 0; p < EVENT_PARTITIONS && reading->complete; p++) {
        if (!((reading->partitions & ~m->exact) >> p & 1))
            continue;
        m->lanes[p].complete = true;
        m->lanes[p].from = reading->end;
    }
    find_exact(m);
}

void outbox_mirror_read(struct outbox_mirror *m, const struct mirror_reading *reading,
                        struct outbox_row *const rows[], size_t n)
{
    pthread_mutex_lock(&m->lock);
    if (m->open && m->opening == reading->opening)
        take_reading(m, reading, rows, n);
    pthread_mutex_unlock(&m->lock);
}

void outbox_mirror_sent(struct outbox_mirror *m, const struct outbox_sent rows[], size_t n)
{
    pthread_mutex_lock(&m->lock);
    for (size_t i = 0; i < n; i++) {
        struct mirrored *it = at_seq(find(&m->lanes[rows[i].partition], rows[i].seq), rows[i].seq);
        if (it)
            it->sent_as = rows[i].stream_seq;
    }
    pthread_mutex_unlock(&m->lock);
}

void outbox_mirror_doubt(struct outbox_mirror *m, unsigned partition)
{
    pthread_mutex_lock(&m->lock);
    m->exact &= ~(UINT32_C(1) << partition);
    m->lanes[partition].complete = false;
    pthread_mutex_unlock(&m->lock);
}
