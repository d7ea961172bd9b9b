/* admin_status.h - how this instance is, for operators. self is the struct process; loop thread. */
#ifndef TOOL_SERVICE_ADMIN_STATUS_H
#define TOOL_SERVICE_ADMIN_STATUS_H

#include "tool/core/call.h"

/** Which process this is, for people: host and pid. */
void admin_instance(char *text, size_t size);
/** nothing -> struct service_status. ST_OK */
enum status admin_status(void *self, const struct call *call, const void *in, void *out);
/** nothing -> struct breaker_list. ST_OK */
enum status admin_breakers(void *self, const struct call *call, const void *in, void *out);

#endif
