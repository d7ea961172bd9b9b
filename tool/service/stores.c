/* stores.c - see stores.h. */
#include "tool/service/stores.h"

#include "tool/core/log.h"
#include "tool/store/mysql/store_check.h"
#include "tool/store/mysql/store_mysql.h"

static struct store **place_of(const struct service_store *row, void *self)
{
    return (struct store **)(void *)((char *)self + row->self);
}

void stores_create(const struct service *service, void *self, struct dbc_pool *db)
{
    for (size_t i = 0; i < service->n_stores; i++)
        *place_of(&service->stores[i], self) = store_mysql_create(db, service->stores[i].table);
}

void stores_destroy(const struct service *service, void *self)
{
    for (size_t i = 0; i < service->n_stores; i++)
        store_destroy(*place_of(&service->stores[i], self));
}

static void log_slip(void *arg, const char *slip, bool wider)
{
    (void)arg;
    if (wider)
        log_info("table holds more than is described", LOG_TEXT("slip", slip));
    else
        log_error("table is not as described", LOG_TEXT("slip", slip));
}

enum status stores_check(const struct service *service, struct dbc_pool *db,
                         const struct call *call)
{
    enum status st = ST_OK;

    for (size_t i = 0; i < service->n_stores && (st == ST_OK || st == ST_INVALID); i++) {
        enum status one = store_check(db, call, service->stores[i].table, log_slip, NULL);
        st = one == ST_OK ? st : one;
    }
    return st;
}
