/* provider.h - what the provider is asked. ST_OK: it has decided, or says what became of it |
 * ST_OVERLOADED: it was never asked; as of this call nothing has happened | ST_NOT_FOUND, but of
 * provider_ask: that is not known there | ST_UNAVAILABLE, ST_TIMEOUT, ST_UNCERTAIN, anything else:
 * not known whether it happened; provider_find tells, or the same again with the same key. Private
 * to usecase/payment. */
#ifndef USECASE_PAYMENT_PROVIDER_H
#define USECASE_PAYMENT_PROVIDER_H

#include "protocol/provider.h"
#include "tool/remote/remote.h"

REMOTE_IF_ASKED(provider_ask, PROVIDER_ASK, struct provider_operation, struct provider_entry);
REMOTE_IF_ASKED(provider_find, PROVIDER_FIND, struct provider_query, struct provider_entry);
REMOTE_IF_ASKED(provider_book, PROVIDER_BOOK, struct provider_since, struct provider_page);

#endif
