/* table_check.h - slips in a service's tables that no compiler sees, said before anything runs. */
#ifndef TOOL_SERVICE_TABLE_CHECK_H
#define TOOL_SERVICE_TABLE_CHECK_H

#include "tool/service/service.h"

/** What is wrong, in buf; NULL when nothing is. */
const char *table_fault(const struct service *service, char *buf, size_t size);

#endif
