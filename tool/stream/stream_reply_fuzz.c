/* stream_reply_fuzz.c - no answer of JetStream's makes its reader read astray. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/stream/stream_reply.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1); /* exactly as long as it is: one byte too far is seen */
    struct stream_ack ack;
    struct uuid id;

    if (!text)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    ASSERT(stream_ack_read(text, size, &ack) != ST_OK || ack.seq > 0);
    stream_msg_id(text, &id);
    free(text);
    return 0;
}
