/* traits.h - what the skeleton must know of a message, from its rows. */
#ifndef TOOL_SERVICE_TRAITS_H
#define TOOL_SERVICE_TRAITS_H

#include "tool/encoder/descriptor.h"

/** Its UUID "sagaId"; NULL = none. What a saga asks, and what starts one, is logged under it. */
const struct field *traits_saga_id(const struct descriptor *d);
/** Does it hold passwords or tokens? */
bool traits_secret(const struct descriptor *d);
/** Is there a UUID at that offset, one that is always there? */
bool traits_has_uuid(const struct descriptor *d, size_t offset);

#endif
