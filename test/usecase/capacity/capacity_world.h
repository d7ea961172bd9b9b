/* capacity_world.h - slots and holds over any storage, and what is done to them, each time in a
 * transaction of its own. */
#ifndef TEST_USECASE_CAPACITY_CAPACITY_WORLD_H
#define TEST_USECASE_CAPACITY_CAPACITY_WORLD_H

#include "test/support/calls.h"
#include "tool/sweep/sweep_rows.h"
#include "usecase/capacity/capacity.h"

enum { WORLD_INSTANCES = 2 };

/* One process that owns the slots. */
struct instance {
    struct capacity capacity;
    struct transactor *transactor;
    struct sweep_rows *overdue; /* holds whose time is over */
};

struct capacity_world {
    struct instance instances[WORLD_INSTANCES]; /* of one and the same storage */
    void (*crash)(void); /* kills the storage and starts it again; NULL = it never dies */
};

/** A slot of so many. */
struct uuid slot_new(struct capacity_world *w, int64_t total);
/** It has so many held and sold, or the test fails. */
#define assert_slot(w, id, held, sold) assert_slot_is(w, id, held, sold, __FILE__, __LINE__)
void assert_slot_is(struct capacity_world *w, struct uuid id, int64_t held, int64_t sold,
                    const char *file, int line);

/* What is asked of one instance, and what came of it. */
struct asking {
    struct instance *instance;
    struct uuid hold_id, owner_id;
    const struct capacity_want *wants; /* of a take */
    size_t n_wants;
    int64_t late_ms;         /* its time was over so long ago; 0 = is in an hour */
    enum hold_action action; /* else */
    enum status crash;       /* with it the transaction ends when all is done; ST_OK = it commits */
    struct hold hold;
    bool again, changed;
    struct problem problem;
};

/** Opens and, unless it was there, takes. What capacity_open or capacity_take returned. */
enum status ask_take(struct asking *asking);
enum status ask_move(struct asking *asking);
/** A take by the first instance. */
enum status take(struct capacity_world *w, struct uuid hold_id, const struct capacity_want wants[],
                 size_t n);
/** A move by the first instance. */
enum status move(struct capacity_world *w, struct uuid hold_id, enum hold_action action);
/** False: the counters of a slot are not the sums of the lines of these holds. Of slots that no
 * other holds have a part in. */
bool holds_add_up(struct capacity_world *w, const struct uuid slots[], size_t n_slots,
                  const struct uuid holds[], size_t n_holds);

/* One cmocka group each; how many failed. */
int capacity_contract(struct capacity_world *w);
int capacity_expiry(struct capacity_world *w);
int capacity_property(struct capacity_world *w, int seeds);
int capacity_race(struct capacity_world *w);

#endif
