/* replay.h - what a person does with dead letters, and what then goes on by itself: letters run
 * through today's decoder and handler, each in one transaction with its removal. */
#ifndef TOOL_EVENT_REPLAY_H
#define TOOL_EVENT_REPLAY_H

#include "tool/event/hearer.h"

/* Any thread; block until call->deadline_ms at most. *done: letters that were handled and are gone.
 * What was parked behind a letter that is gone is handled in order until one of them fails, which
 * is the dead letter then, with the reason of its own. */

/** Handles a letter. ST_OK (it is gone; what was parked too, or a new dead letter is in front) |
 * ST_NOT_FOUND | ST_CONFLICT not_first (an earlier one of its key comes first) | ST_PENDING (it is
 * gone, the time is over, and what is parked goes on by itself) | what the handler said: it stays,
 * with that as its reason, explained in call->problem | ST_UNPROCESSABLE not_readable (its data
 * cannot be decoded, or nobody here hears its type) | ST_UNAVAILABLE, ST_UNCERTAIN ... */
enum status hearer_replay(struct hearer *hearer, const struct call *call, struct uuid id,
                          unsigned *done);
/** Removes a letter without handling it, then goes on as hearer_replay. Of a key's letters only the
 * first can be dropped. ST_OK | ST_NOT_FOUND | ST_CONFLICT not_first | ST_PENDING |
 * ST_UNAVAILABLE, ST_UNCERTAIN ... */
enum status hearer_drop(struct hearer *hearer, const struct call *call, struct uuid id,
                        unsigned *done);
/** For a job: goes on with letters that wait for nobody any more, since who was at it is gone.
 * ST_OK (there are none) | ST_PENDING (there may be more) | ST_UNAVAILABLE ... */
enum status hearer_resume(struct hearer *hearer, const struct call *call, unsigned *done);

#endif
