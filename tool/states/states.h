/* states.h - what may become of something, as a table: from which state, by which action, to which
 * state, and who may do that. What is refused, and what a caller is told he may do now, both follow
 * from it.
 *
 *   enum { OPEN, PAID, CLOSED };
 *   enum { BY_CUSTOMER = 1, BY_SAGA = 2 };
 *   static const struct state_move MOVES[] = {
 *       {OPEN, "pay",   PAID,   BY_SAGA              },
 *       {OPEN, "close", CLOSED, BY_CUSTOMER | BY_SAGA},
 *       {PAID, "close", CLOSED, BY_SAGA              },
 *   };
 *   const struct states BILL_STATES = STATES("bill", BILL_STATE_NAMES, MOVES);
 *
 * In a domain function of store_change, where the row is locked and its version rises:
 *
 *   st = states_move(&BILL_STATES, call, &bill->status, "pay", BY_SAGA);
 *
 * Pure; any thread. */
#ifndef TOOL_STATES_STATES_H
#define TOOL_STATES_STATES_H

#include <stdbool.h>
#include <stddef.h>

#include "tool/core/call.h"

enum { STATE_ACTION_MAX = 23, STATE_ACTIONS_MAX = 8 };

/* Whoever it is; of who asks: whatever anybody may. */
#define STATES_ANY (~0u)

struct state_move {
    int from;
    const char *action; /* lower case with _, 1..STATE_ACTION_MAX bytes */
    int to;
    unsigned who; /* bits, as the domain gives them a meaning; any of them may. Not 0 */
};

struct states {
    const char *name;         /* of what it is: "order"; for people */
    const char *const *names; /* of its states, NULL-terminated: 0, 1, 2 ...; 0 is a new one's */
    const struct state_move *moves;
    size_t n_moves;
};

/* clang-format off */
#define STATES(name_, names_, moves_)                                                              \
    {.name = (name_), .names = (names_), .moves = (moves_),                                        \
     .n_moves = sizeof(moves_) / sizeof((moves_)[0])}
/* The row of an operation's errors. */
#define STATES_ERROR                                                                               \
    {ST_CONFLICT, "wrong_state", "That is not possible in the state it is in."}
/* clang-format on */

/* One of the member "actions" of a reply (protocol/state_action.h). */
struct state_action {
    char name[STATE_ACTION_MAX + 1];
};

/** Whether who may do that in that state; *to (NULL = does not matter) is then the next one. */
bool states_allow(const struct states *s, int state, const char *action, unsigned who, int *to);
/** ST_OK: *state is the next one. | ST_CONFLICT wrong_state, said to call: *state is as it was.
 * action: one that s has, whatever the state: any other is a mistake of ours. */
enum status states_move(const struct states *s, const struct call *call, int *state,
                        const char *action, unsigned who);
/** What who may do in that state, in the table's order: at most max; how many were written. */
size_t states_actions(const struct states *s, int state, unsigned who, struct state_action out[],
                      size_t max);

/** What is wrong with the table, in text; NULL = nothing. A state that is not named, an action of
 * another shape, one that nobody may do, one that leads from a state to two, more of them in a
 * state than STATE_ACTIONS_MAX, a state that cannot be reached from the first. */
const char *states_fault(const struct states *s, char *text, size_t size);
/** Writes it as a Mermaid state diagram, for documents; "" when size is too small. Returns buf. */
char *states_chart(const struct states *s, char *buf, size_t size);

#endif
