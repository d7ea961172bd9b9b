/* refusals.h - the subjects that a server does not let a link hear. libnats tells of them in a
 * thread of its own, when the connection or even the link may be gone: so they are kept here until
 * the loop takes them. */
#ifndef TOOL_MESSAGE_REFUSALS_H
#define TOOL_MESSAGE_REFUSALS_H

#include "tool/core/loop_task.h"
#include "tool/message/link_private.h"

struct refusals;

/** The subject of a server's "Permissions Violation for Subscription to ..."; false when text says
 * something else, or the subject is too long to be one of ours. Pure. */
bool refusal_subject(const char *text, char subject[LINK_SUBJECT_MAX + 1]);

/** told is posted to the loop when there is something to take. */
struct refusals *refusals_create(struct loop *loop, struct loop_task *told);
/** The link is gone: nothing is posted any more. Freed with the last who holds it. NULL is fine. */
void refusals_end(struct refusals *refusals);
/** For a connection; any thread. */
struct refusals *refusals_hold(struct refusals *refusals);
void refusals_release(struct refusals *refusals);
/** Any thread: what the server said; false when that is no refusal. */
bool refusals_tell(struct refusals *refusals, const char *text);
/** Loop thread: the next one; false = no more. */
bool refusals_take(struct refusals *refusals, char subject[LINK_SUBJECT_MAX + 1]);

#endif
