/* dashboard.h - what the dashboard service is made of. */
#ifndef CMD_DASHBOARD_DASHBOARD_H
#define CMD_DASHBOARD_DASHBOARD_H

#include "tool/service/service.h"
#include "usecase/dashboard/dashboards.h"

struct dashboard_service {
    struct dashboards dashboards;
};

extern const struct service DASHBOARD_SERVICE;

#endif
