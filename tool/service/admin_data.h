/* admin_data.h - what operators ask of a service's own rows. self is the struct process; a worker.
 */
#ifndef TOOL_SERVICE_ADMIN_DATA_H
#define TOOL_SERVICE_ADMIN_DATA_H

#include "tool/core/call.h"

/** nothing -> struct doctor_report. ST_OK */
enum status admin_doctor(void *self, const struct call *call, const void *in, void *out);
/** struct id_list_query -> struct id_list. ST_OK | ST_NOT_FOUND no_such_set | ST_UNAVAILABLE */
enum status admin_id_list(void *self, const struct call *call, const void *in, void *out);
/** struct id_keep_query -> struct id_list: those that are in the set. As above. */
enum status admin_id_keep(void *self, const struct call *call, const void *in, void *out);

#endif
