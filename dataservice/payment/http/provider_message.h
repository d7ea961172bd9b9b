/* provider_message.h - what is said to a provider, and what it says, as JSON. Pure; any thread.
 * Private to this folder. */
#ifndef DATASERVICE_PAYMENT_HTTP_PROVIDER_MESSAGE_H
#define DATASERVICE_PAYMENT_HTTP_PROVIDER_MESSAGE_H

#include <stddef.h>

#include "dataservice/payment/provider.h"

enum { PROVIDER_MESSAGE_MAX = 1023, PROVIDER_PAGE_MAX = 100 };

/** {"key","kind","amount","currency","method"?,"of"?}; returns the length. */
size_t provider_message_write(const struct provider_operation *operation,
                              char json[PROVIDER_MESSAGE_MAX + 1]);
/** Reads what became of the operation of that key. asked: what it must be about, too; NULL = not
 * known here. False: it says nothing that makes sense, *why is what; *out is as it was. */
bool provider_message_read(const char *json, size_t len, const char *key,
                           const struct provider_operation *asked, struct provider_outcome *out,
                           const char **why);
/** Reads {"items":[...]}, at most max of them, which is at most PROVIDER_PAGE_MAX. False as above.
 */
bool provider_message_read_book(const char *json, size_t len, struct provider_entry *entries,
                                size_t max, size_t *n, const char **why);
/** Whether it is the problem by which a provider says that an operation never came. A 404 of
 * somebody between (a wrong path, a proxy) is not. */
bool provider_message_is_unknown(const char *json, size_t len);

#endif
