/* catalog.h - what the catalog service is made of. */
#ifndef CMD_CATALOG_CATALOG_H
#define CMD_CATALOG_CATALOG_H

#include "cmd/catalog/sweeping.h"
#include "tool/event/export.h"

struct catalog_service {
    struct catalog catalog;
    struct exporter exporter;
    struct sweeping sweeping;
};

extern const struct service CATALOG_SERVICE;

#endif
