/* state_action.h - the member "actions" of a reply: what this caller may do now, by the table of
 * states (tool/states).
 *
 *   struct bill { int status; struct state_action actions[STATE_ACTIONS_MAX]; size_t n_actions; };
 *
 *   FIELD_ACTIONS(struct bill),                    "actions":["close","pay"]
 */
#ifndef PROTOCOL_STATE_ACTION_H
#define PROTOCOL_STATE_ACTION_H

#include "tool/encoder/descriptor.h"
#include "tool/states/states.h"

/** A plain text: an item of such a list. */
extern const struct descriptor STATE_ACTION;

/* clang-format off */
#define FIELD_ACTIONS(type)                                                                        \
    FIELD(type, actions, "actions", FIELD_LIST, FIELD_REQUIRED, .item = &STATE_ACTION,             \
          .max = sizeof(((type *)0)->actions) / sizeof(struct state_action),                       \
          .count_offset = offsetof(type, n_actions), .doc = "What you may do now.")
/* clang-format on */

#endif
