/* header_fuzz.c - no text makes a header parser read astray or answer out of its range. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/core/call.h"
#include "tool/core/header.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char kept[CALL_AGENT_MAX + 1], states[CALL_TRACESTATE_MAX + 1], again[CALL_TRACESTATE_MAX + 1];
    char *text = malloc(size + 1); /* exactly as long as it is: one byte too far is seen */

    if (!text)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    ASSERT(!header_is_request_id(text) || strlen(text) <= CALL_REQUEST_ID_MAX);
    ASSERT(!header_is_traceparent(text) || strlen(text) == CALL_TRACEPARENT_MAX);
    ASSERT(!header_is_printable(text, CALL_ROLES_MAX) || strlen(text) <= CALL_ROLES_MAX);
    header_keep_printable(text, kept, sizeof(kept));
    ASSERT(kept[0] == '\0' || header_is_printable(kept, CALL_AGENT_MAX));
    header_keep_tracestate(text, states);
    header_keep_tracestate(states, again);
    ASSERT(strcmp(states, again) == 0);
    ASSERT(header_timeout_ms(text) >= -1 && header_timeout_ms(text) <= 999999999);
    ASSERT(header_wait_ms(text) >= 0 && header_wait_ms(text) <= HEADER_WAIT_MAX_S * 1000);
    ASSERT(header_if_version(text) >= CALL_NO_VERSION);
    free(text);
    return 0;
}
