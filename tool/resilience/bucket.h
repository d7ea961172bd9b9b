/* bucket.h - token buckets by key: each holds up to burst tokens, gets quota of them a window, and
 * a request takes one. A table of fixed size, whatever keys come. Pure: no threads, no I/O, no
 * clock; one thread. */
#ifndef TOOL_RESILIENCE_BUCKET_H
#define TOOL_RESILIENCE_BUCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bucket_rate {
    int quota; /* tokens that come in a window, evenly; above 0 */
    int window_s;
    int burst; /* that are kept at most; above 0 */
};

/* How a bucket is after it was asked. */
struct bucket_level {
    int left;        /* whole tokens */
    int64_t wait_ms; /* until the next whole one, 0 = there is one */
    int64_t full_ms; /* until it is full */
};

struct bucket_table;

/** slots: keys remembered at most, a power of two of BUCKET_WAYS and more. 40 bytes each, of which
 * the system gives what is used. */
struct bucket_table *bucket_table_create(size_t slots);
/** NULL is fine. */
void bucket_table_destroy(struct bucket_table *table);
/** Takes a token from the bucket of key; false: none is there, nothing is taken. A key is a keyed
 * hash of whoever is counted, so that nobody can choose whose slots his keys share; never seen, its
 * bucket is full. rate may be another at each call: the level stays, as far as the new burst holds
 * it. When the slots a key can have are in use, it gets the fullest of them as it is: many keys
 * gain no more than so many buckets give. now_ms never goes back. level may be NULL. */
bool bucket_take(struct bucket_table *table, uint64_t key, const struct bucket_rate *rate,
                 int64_t now_ms, struct bucket_level *level);

enum { BUCKET_WAYS = 8 }; /* slots that a key can have */

#endif
