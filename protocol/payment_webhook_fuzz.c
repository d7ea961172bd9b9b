/* payment_webhook_fuzz.c - bodies of webhooks as whoever has the secret may send them. */
#include <stdint.h>
#include <string.h>

#include "protocol/payment.h"
#include "tool/core/assert.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct problem problem = {.status = ST_OK};
    struct webhook_notice notice;

    if (decode_lenient(&WEBHOOK_NOTICE, (const char *)data, size, &notice, &problem) == ST_OK)
        ASSERT(memchr(notice.event_id, '\0', sizeof(notice.event_id)));
    else
        ASSERT(problem.status == ST_INVALID);
    return 0;
}
