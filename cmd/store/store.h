/* store.h - what the store service is made of: its settings, and its use cases once wired. */
#ifndef CMD_STORE_STORE_H
#define CMD_STORE_STORE_H

#include "tool/event/export.h"
#include "tool/service/service.h"
#include "usecase/store/shops.h"

struct store_service {
    struct shops shops;
    struct exporter exporter;
    struct sweeper unaccepted, unanswered;
};

extern const struct service STORE_SERVICE;

#endif
