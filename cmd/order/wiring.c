/* wiring.c - which implementation stands behind each interface of the order service. */
#include "cmd/order/order.h"
#include "dataservice/order/remote/payments_remote.h"
#include "dataservice/order/remote/stock_remote.h"
#include "model/order_num.h"
#include "tool/core/log.h"
#include "tool/sweep/mysql/sweep_rows_mysql.h"
#include "usecase/order/cancel.h"

enum status order_start(void *self, const struct service_run *run)
{
    static const struct sweep_table UNPAID = {"orders", "id", "status = 'AWAITING_PAYMENT'",
                                              "pay_by", "look_at"};
    struct order_service *service = self;
    struct orders *orders = &service->orders;

    if (!order_num_zone(service->num_tz, &orders->num_east_s)) {
        log_error("no such zone without summer time", LOG_TEXT("orderNumTz", service->num_tz));
        return ST_INVALID;
    }
    orders->pay_within_us = service->pay_within_s * 1000000;
    orders->transactor = run->transactor;
    orders->barrier = run->barrier;
    orders->outbox = run->outbox;
    orders->sagas = run->sagas;
    orders->clock = run->clock;
    orders->entropy = run->entropy;
    orders->cursors = run->cursors;
    orders->stock = stock_remote_create(run->proxy);
    orders->payments = payments_remote_create(run->proxy);
    service->unpaid_rows = sweep_rows_mysql_create(run->db, &UNPAID);
    sweeper_init(&service->unpaid, &(struct sweeper_config){.name = "unpaid_order",
                                                            .rows = service->unpaid_rows,
                                                            .transactor = run->transactor,
                                                            .act = order_expire,
                                                            .arg = orders,
                                                            .batch = 32,
                                                            .lease_ms = 10000,
                                                            .ask_ms = 1000,
                                                            .grace_ms = 60000,
                                                            .metrics = run->metrics});
    saga_engine_add(run->sagas, &PLACE_ORDER_SAGA, orders);
    saga_engine_add(run->sagas, &PAY_ORDER_SAGA, orders);
    saga_engine_add(run->sagas, &CANCEL_ORDER_SAGA, orders);
    return ST_OK;
}

void order_stop(void *self)
{
    struct order_service *service = self;

    if (service->unpaid_rows)
        service->unpaid_rows->ops->destroy(service->unpaid_rows);
    if (service->orders.stock)
        service->orders.stock->ops->destroy(service->orders.stock);
    if (service->orders.payments)
        service->orders.payments->ops->destroy(service->orders.payments);
}
