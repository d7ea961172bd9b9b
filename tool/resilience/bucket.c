/* bucket.c - see bucket.h: a set-associative table, as processors cache memory. */
#include "tool/resilience/bucket.h"

#include "tool/core/assert.h"
#include "tool/core/mem.h"

enum { SECOND_MS = 1000 };

/* All zero: free, as good as a full one. */
struct slot {
    uint64_t key;
    int64_t at_ms;
    double tokens;  /* at at_ms */
    double each_ms; /* between two that come, by the rate of then */
    int burst;      /* likewise */
};

struct bucket_table {
    size_t sets; /* of BUCKET_WAYS slots */
    struct slot *slots;
};

struct bucket_table *bucket_table_create(size_t slots)
{
    struct bucket_table *table = MEM_NEW(struct bucket_table);

    ASSERT(slots >= BUCKET_WAYS && (slots & (slots - 1)) == 0);
    table->sets = slots / BUCKET_WAYS;
    table->slots = mem_alloc(slots, sizeof(*table->slots));
    return table;
}

void bucket_table_destroy(struct bucket_table *table)
{
    if (!table)
        return;
    free(table->slots);
    free(table);
}

static double tokens_at(const struct slot *slot, int64_t now_ms)
{
    double tokens = slot->tokens + (double)(now_ms - slot->at_ms) / slot->each_ms;

    return tokens < slot->burst ? tokens : slot->burst;
}

static double missing_ms(const struct slot *slot, int64_t now_ms)
{
    return slot->burst == 0 ? 0 : (slot->burst - tokens_at(slot, now_ms)) * slot->each_ms;
}

/* The slot of key, else the one that would be full first: a full one has nothing to remember. */
static struct slot *find(struct bucket_table *table, uint64_t key, int64_t now_ms)
{
    struct slot *set = &table->slots[(key & (table->sets - 1)) * BUCKET_WAYS], *fullest = set;

    for (size_t i = 0; i < BUCKET_WAYS; i++) {
        if (set[i].burst > 0 && set[i].key == key)
            return &set[i];
        if (missing_ms(&set[i], now_ms) < missing_ms(fullest, now_ms))
            fullest = &set[i];
    }
    return fullest;
}

/* Brings it to now, as key's, by rate. */
static void renew(struct slot *slot, uint64_t key, const struct bucket_rate *rate, int64_t now_ms)
{
    bool of_key = slot->burst > 0 && slot->key == key;

    if (!of_key && missing_ms(slot, now_ms) <= 0)
        slot->tokens = rate->burst;
    else if (tokens_at(slot, now_ms) < rate->burst)
        slot->tokens = tokens_at(slot, now_ms);
    else
        slot->tokens = rate->burst;
    slot->key = key;
    slot->at_ms = now_ms;
    slot->each_ms = (double)rate->window_s * SECOND_MS / rate->quota;
    slot->burst = rate->burst;
}

/* Until tokens more have come, rounded up. */
static int64_t time_for(const struct slot *slot, double tokens)
{
    double ms = tokens * slot->each_ms;
    int64_t whole = (int64_t)ms;

    return tokens <= 0 ? 0 : whole + ((double)whole < ms);
}

bool bucket_take(struct bucket_table *table, uint64_t key, const struct bucket_rate *rate,
                 int64_t now_ms, struct bucket_level *level)
{
    struct slot *slot;
    bool taken;

    ASSERT(rate->quota > 0 && rate->window_s > 0 && rate->burst > 0);
    slot = find(table, key, now_ms);
    renew(slot, key, rate, now_ms);
    taken = slot->tokens >= 1;
    slot->tokens -= taken;
    if (level)
        *level = (struct bucket_level){
            .left = (int)slot->tokens,
            .wait_ms = time_for(slot, 1 - slot->tokens),
            .full_ms = time_for(slot, rate->burst - slot->tokens),
        };
    return taken;
}
