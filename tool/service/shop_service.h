/* shop_service.h - a service as any main has one, for a test of the skeleton; its steps are lines
 * in the log. */
#ifndef TOOL_SERVICE_SHOP_SERVICE_H
#define TOOL_SERVICE_SHOP_SERVICE_H

#include <poll.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/log.h"
#include "tool/core/mem.h"
#include "tool/service/service.h"

struct shop {
    char colour[16];
    int64_t busy_ms;
    const struct service_run *run;
    _Atomic int64_t drained_ms;
};

/* clang-format off */
static const struct setting SETTINGS[] = {
    SETTING(struct shop, colour, "colour", SETTING_TEXT, "red", .doc = "colour of the shop"),
    SETTING(struct shop, busy_ms, "busy-ms", SETTING_INT, "0", .min = 0, .max = 60000, .doc = "after a drain"),
};
/* clang-format on */

static enum status shop_start(void *self, const struct service_run *run)
{
    struct shop *shop = self;

    shop->run = run;
    ASSERT(run->client);
    ASSERT(run->db);
    ASSERT(run->sagas);
    log_info("wired", LOG_TEXT("colour", shop->colour));
    return strcmp(shop->colour, "none") == 0 ? ST_INVALID : ST_OK;
}

static void shop_stop(void *self)
{
    (void)self;
    log_info("unwired", LOG_END);
}

static void shop_drain(void *self)
{
    struct shop *shop = self;

    shop->drained_ms = clock_now_ms(shop->run->clock);
    log_info("drain told", LOG_END);
}

static bool shop_busy(void *self)
{
    struct shop *shop = self;

    return clock_now_ms(shop->run->clock) < shop->drained_ms + shop->busy_ms;
}

static void shop_reload(void *self)
{
    (void)self;
    log_info("reload told", LOG_END);
}

/* Until the drain has begun, and a little longer: it is waited for. */
static enum status sweep_floor(void *self, const struct job_run *run)
{
    struct shop *shop = self;

    (void)run;
    log_info("sweeping", LOG_END);
    while (shop->busy_ms > 0 && shop->drained_ms == 0)
        poll(NULL, 0, 1);
    log_info("swept", LOG_END);
    return ST_PENDING;
}

static bool shop_ready(void *self, const char **why)
{
    (void)self;
    *why = "the shop is closed";
    return false;
}

static enum status sell(void *self, const struct call *call, const void *in, void *out)
{
    (void)self;
    (void)call;
    (void)in;
    (void)out;
    return ST_OK;
}

static const struct operation SELL = {.subject = "shop.sell"};
static const struct service_pool POOLS[] = {
    {"counter", 2, 8}
};
static const struct endpoint ENDPOINTS[] = {
    {ENDPOINT(SELL, sell, struct nothing, struct nothing), .pool = "counter", .timeout_ms = 1000},
};

static const struct job JOBS[] = {
    {"sweep_floor", 0, sweep_floor, 1000, 60000, JOB_EVERYWHERE, 0},
};

static const struct service SHOP = {
    .name = "shop",
    .summary = "Sells.",
    .size = sizeof(struct shop),
    .unnamed_self = IS_FIRST(struct shop, colour),
    .settings = SETTINGS,
    .n_settings = ARRAY_LEN(SETTINGS),
    .pools = POOLS,
    .n_pools = ARRAY_LEN(POOLS),
    .endpoints = ENDPOINTS,
    .n_endpoints = ARRAY_LEN(ENDPOINTS),
    .jobs = JOBS,
    .n_jobs = ARRAY_LEN(JOBS),
    .database = true,
    .sagas = true,
    .start = shop_start,
    .stop = shop_stop,
    .drain = shop_drain,
    .busy = shop_busy,
    .ready = shop_ready,
    .reload = shop_reload,
};

#endif
