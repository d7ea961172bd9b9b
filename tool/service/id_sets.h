/* id_sets.h - pages of a service's sets of ids, and which of given ones are in a set: by these two
 * its rows are compared with another service's. */
#ifndef TOOL_SERVICE_ID_SETS_H
#define TOOL_SERVICE_ID_SETS_H

#include "tool/service/admin_message.h"
#include "tool/service/service.h"

/** The set of that name; NULL = there is none. */
const struct id_set *id_set_find(const struct service *service, const char *name);
/** Up to limit ids above `after`, in order. ST_OK | ST_UNAVAILABLE ... */
enum status id_set_page(struct dbc_pool *db, const struct call *call, const struct id_set *set,
                        struct uuid after, size_t limit, struct id_list *out);
/** Those of ids that are in the set, by the same value where both have one. ST_OK | ST_UNAVAILABLE
 * ... */
enum status id_set_keep(struct dbc_pool *db, const struct call *call, const struct id_set *set,
                        const struct id_list *ids, struct id_list *out);

#endif
