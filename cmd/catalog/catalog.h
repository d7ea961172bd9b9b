/* catalog.h - what the catalog service is made of. */
#ifndef CMD_CATALOG_CATALOG_H
#define CMD_CATALOG_CATALOG_H

#include "tool/event/export.h"
#include "tool/service/service.h"
#include "usecase/capacity/hold_expiry.h"
#include "usecase/catalog/catalog.h"

struct catalog_service {
    struct catalog catalog;
    struct exporter exporter;
    struct hold_expiry expiry;
    struct sweeper holds; /* of stock, whose time is over */
};

extern const struct service CATALOG_SERVICE;

#endif
