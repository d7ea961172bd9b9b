/* access.h - may this caller ask for this operation? Answered before its use case is. */
#ifndef TOOL_SERVICE_ACCESS_H
#define TOOL_SERVICE_ACCESS_H

#include "tool/core/call.h"
#include "tool/encoder/operation.h"

/** Before the request is read. ST_OK | ST_UNAUTHENTICATED | ST_FORBIDDEN */
enum status access_before(const struct access *access, const struct call *call);
/** Once in is decoded, or as much of it as was right. ST_OK, also when the owner's id was among
 * what was wrong | ST_FORBIDDEN, and then the only thing call->problem tells */
enum status access_after(const struct access *access, const struct call *call, const void *in);

#endif
