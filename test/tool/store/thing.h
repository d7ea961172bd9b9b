/* thing.h - a made-up table with a column of every kind, and what the suites over it share. */
#ifndef TEST_TOOL_STORE_THING_H
#define TEST_TOOL_STORE_THING_H

#include "test/support/calls.h"
#include "tool/store/store.h"

enum thing_state { THING_NEW, THING_OLD, THING_GONE, THING_STATES };

struct thing {
    struct uuid id;
    char code[9];
    char label[33]; /* unique without case */
    struct uuid owner;
    int64_t seat; /* one a seat of an owner */
    int64_t amount;
    bool has_rank;
    int32_t rank;
    bool on;
    enum thing_state state;
    int64_t due_us; /* 0 = none */
    int32_t day;
    char note[20];      /* "" = none; at most 8 characters */
    struct uuid holder; /* nil = nobody; no version of it */
    int64_t version, created_us, updated_us;
};

extern const struct table THING_TABLE;
extern const char THING_DDL[]; /* in the schema "store" */

/* What a suite runs over. */
struct thing_world {
    struct store *things;
    struct transactor *transactor;
};

int thing_contract(struct thing_world *world);
/** What is listed. */
int thing_pages(struct thing_world *world);
/** What is asked for together. */
int thing_many(struct thing_world *world);
/** What is kept by its version. */
int thing_keep(struct thing_world *world);
/** What is changed as it was seen. */
int thing_seen(struct thing_world *world);
/** Setup and teardown of a test: no row is left. */
int thing_empty(void **state);
/** Random operations against a model: for each seed so many. */
int thing_property(struct thing_world *world, unsigned seeds, unsigned steps);

struct thing thing_made(uint8_t id, const char *code, const char *label);
void thing_assert_equal(const struct thing *want, const struct thing *got);

#endif
