/* payment.h - what the payment service is made of, and what it answers. The rows stand in a header
 * so that tests run the same ones. */
#ifndef CMD_PAYMENT_PAYMENT_H
#define CMD_PAYMENT_PAYMENT_H

#include "protocol/order.h"
#include "protocol/payment.h"
#include "protocol/store.h"
#include "tool/event/export.h"
#include "tool/service/service.h"
#include "usecase/payment/amounts.h"
#include "usecase/payment/authorize.h"
#include "usecase/payment/book.h"
#include "usecase/payment/endings.h"
#include "usecase/payment/ledger.h"
#include "usecase/payment/operation.h"
#include "usecase/payment/owners.h"
#include "usecase/payment/payinfos.h"
#include "usecase/payment/webhooks.h"

struct payment_service {
    char provider_url[256], provider_name[PAYMENT_PROVIDER_SIZE], webhook_secret[128];
    struct payment_case payments;
    struct exporter exporter;
    struct sweeper operations, expiries;
};

/* clang-format off */
#define PAYMENT_ROW(pool_, ms_) .self = offsetof(struct payment_service, payments), .pool = (pool_), .timeout_ms = (ms_)
static const struct endpoint PAYMENT_ENDPOINTS[] = {
    {ENDPOINT_CHANGE(PAYMENT_AUTHORIZE, payment_authorize, struct payment_authorization, struct payment_authorized),
     .once = ONCE_BY_SAGA, .after = payment_authorized, PAYMENT_ROW("provider", 6000)},
    {ENDPOINT_CHANGE(PAYMENT_VOID, payment_void, struct payment_order, struct payment_moved),
     .undoes = &PAYMENT_AUTHORIZE, .run = payment_voided, PAYMENT_ROW("work", 2000)},
    {ENDPOINT_CHANGE(PAYMENT_CAPTURE, payment_capture, struct payment_amount, struct payment_moved), .once = ONCE_BY_SAGA, PAYMENT_ROW("work", 2000)},
    {ENDPOINT_CHANGE(PAYMENT_REFUND, payment_refund, struct payment_amount, struct payment_moved), .once = ONCE_BY_SAGA, PAYMENT_ROW("work", 2000)},
    {ENDPOINT_CHANGE(PAYMENT_REFUND_CREATE, refund_create, struct refund_form, struct refund_made),
     .once = ONCE_BY_REQUIRED_KEY, .after = refund_created, PAYMENT_ROW("provider", 6000)},
    {ENDPOINT_CHANGE(PAYMENT_WEBHOOK, webhook_take, struct webhook, struct webhook_taken), .check = webhook_check, .after = webhook_nudge, PAYMENT_ROW("provider", 5000)},
    {ENDPOINT(PAYMENT_LIST, payinfo_list, struct payinfo_list_query, struct payinfo_page), PAYMENT_ROW("work", 2000)},
    {ENDPOINT(PAYMENT_GET, payinfo_read, struct payinfo_query, struct payinfo),
     .etag = offsetof(struct payinfo, line.payment.version), PAYMENT_ROW("work", 2000)},
    {ENDPOINT(PAYMENT_LEDGER_ENTRIES, ledger_entries, struct ledger_query, struct ledger_page), PAYMENT_ROW("work", 2000)},
    {ENDPOINT(PAYMENT_LEDGER_ACCOUNTS, ledger_balances, struct nothing, struct ledger_balances), PAYMENT_ROW("work", 5000)},
    {ENDPOINT(PAYMENT_EXPORT, export_read, struct export_query, struct export_page),
     .self = offsetof(struct payment_service, exporter), .pool = "work", .timeout_ms = 2000},
};

#define PAYMENT_STORE(member) offsetof(struct payment_service, payments.member)
static const struct service_store PAYMENT_STORES[] = {
    {&PAYMENT_TABLE, PAYMENT_STORE(payments)}, {&OPERATION_TABLE, PAYMENT_STORE(operations)}, {&LEDGER_TABLE, PAYMENT_STORE(ledger)},
    {&WEBHOOK_TABLE, PAYMENT_STORE(webhooks)}, {&DIFFERENCE_TABLE, PAYMENT_STORE(differences)},
    {&STORE_OWNER_TABLE, PAYMENT_STORE(owners)},
};
static const struct export_row PAYMENT_EXPORTS[] = {{&PAYMENT_AUTHORIZED, PAYMENT_STORE(payments), payinfo_export, "order_id"}};

#define PAYMENT_HEARD(type_, fn_, kind_) .type = &(type_), .self = offsetof(struct payment_service, payments), .fn = (fn_), .kind = (kind_)
static const struct hearing PAYMENT_HEARS[] = {
    {PAYMENT_HEARD(STORE_ACCEPTED, payment_accept, HEAR_IN_ORDER)},
    {PAYMENT_HEARD(ORDER_CANCELED, payment_cancel, HEAR_IN_ORDER)},
    {PAYMENT_HEARD(STORE_OPENED, store_owner_keep, HEAR_LATEST), .with = STORE_EVENTS, .from = &STORE_EXPORT},
};
static const struct operation *const PAYMENT_CALLS[] = {&STORE_EXPORT};
/* clang-format on */

extern const struct service PAYMENT_SERVICE;

#endif
