/* main.c - the dashboard service: see service.c. */
#include "cmd/dashboard/dashboard.h"

int main(int argc, char **argv)
{
    return service_main(argc, argv, &DASHBOARD_SERVICE);
}
