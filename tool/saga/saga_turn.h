/* saga_turn.h - a person's word that a saga is to be undone. */
#ifndef TOOL_SAGA_SAGA_TURN_H
#define TOOL_SAGA_SAGA_TURN_H

#include "tool/saga/saga_store.h"

/** The reason of a saga that was turned around so. */
#define SAGA_TURNED "compensated_by_operator"

/** Turns the saga around, before its pivot, under the fence: whoever has it in hand loses it with
 * its next write. ST_OK (also when it compensates already) | ST_NOT_FOUND | ST_CONFLICT with
 * call->problem: saga_ended, past_pivot (it may have passed its point of no return),
 * saga_unreadable (by this release), saga_moves (others wrote it each time) | ST_UNAVAILABLE |
 * ST_UNCERTAIN. Any thread but the loop's. */
enum status saga_turn_around(struct saga_engine *engine, const struct call *call, struct uuid id);

#endif
