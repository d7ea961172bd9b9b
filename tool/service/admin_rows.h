/* admin_rows.h - what a service answers to its operators beside its own endpoints: rows under
 * <service>.admin., for whoever has the role operator. */
#ifndef TOOL_SERVICE_ADMIN_ROWS_H
#define TOOL_SERVICE_ADMIN_ROWS_H

#include "tool/service/service.h"

/* The pool of those that ask the database; one thread. */
#define ADMIN_POOL "admin"

struct admin_rows {
    struct endpoint *rows; /* their .self is an offset in struct process */
    struct operation *operations;
    size_t n;
};

/** Those that make sense for the service. */
void admin_rows_init(struct admin_rows *admin, const struct service *service);
void admin_rows_fini(struct admin_rows *admin);

#endif
