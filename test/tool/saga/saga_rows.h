/* saga_rows.h - what every saga store must do, as suites that run over each; and what those share.
 */
#ifndef TEST_TOOL_SAGA_SAGA_ROWS_H
#define TEST_TOOL_SAGA_SAGA_ROWS_H

#include "test/support/calls.h"
#include "tool/saga/saga_store.h"

enum { LONG_MS = SAGA_PAUSE_MAX_MS, SPOILS = 4 };

/* What the suites run over. */
struct saga_world {
    struct transactor *transactor;
    struct saga_store *sagas;
    /* The saga's row now says what this release cannot read: spoil 0 ... SPOILS-1. */
    void (*spoil)(struct saga_world *world, struct uuid id, int spoil);
    /* The store's clock is set back by so much; below 0: forward again. */
    void (*set_back)(struct saga_world *world, int64_t ms);
    void *arg;
};

/* Each runs its tests as one cmocka group; returns how many failed. */
int saga_store_contract(struct saga_world *world);
int saga_aside_contract(struct saga_world *world);
int saga_clock_contract(struct saga_world *world);
/** Frees what the world holds. */
void saga_world_fini(struct saga_world *world);

/** A signup that has started; not stored. */
struct saga_record saga_row_new(void);
/** One that is, leased for lease_ms. */
struct saga_record saga_row_stored(struct saga_world *world, int64_t lease_ms);
struct saga_record saga_row_found(struct saga_world *world, struct uuid id);
void saga_row_end(struct saga_world *world, struct saga_record *record);
/** True when a claim gave this one; ends whatever else it gave. */
bool saga_row_claimed(struct saga_world *world, struct uuid id, int64_t lease_ms,
                      struct saga_record *out);
/** The same, again and again for as long as it may take to come due. */
bool saga_row_claimed_in_time(struct saga_world *world, struct uuid id, int64_t lease_ms,
                              struct saga_record *out);

#endif
