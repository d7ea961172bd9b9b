/* patch.h - what a message with a struct given said, and a merge patch (RFC 7396) put into the
 * value it is about. Pure; any thread. */
#ifndef TOOL_ENCODER_PATCH_H
#define TOOL_ENCODER_PATCH_H

#include "tool/encoder/descriptor.h"

/** Whether the member at that offset was in the message, as a value or as null. d has .given and a
 * row for it. */
bool given_has(const struct descriptor *d, const void *message, size_t offset);
/** Marks it, so that it is written even when it is zero. */
void given_set(const struct descriptor *d, void *message, size_t offset);
/** As if nothing had been said of it. */
void given_unset(const struct descriptor *d, void *message, size_t offset);

/** Puts what patch said into target, member by member of the same name: values are copied, null
 * makes them zero. Members of path and query are the key, and left alone; every other row of
 * patch_d has one of the same kind and size in target_d. A nested object that target did not have
 * may lack what is required of it: the domain refuses that. True when target is another one after
 * it. */
bool patch_apply(const struct descriptor *patch_d, const void *patch,
                 const struct descriptor *target_d, void *target);

#endif
