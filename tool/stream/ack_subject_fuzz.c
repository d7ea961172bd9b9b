/* ack_subject_fuzz.c - no subject makes its reader read astray. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/stream/ack_subject.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1); /* exactly as long as it is: one byte too far is seen */
    struct ack_subject ack;

    if (!text)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    ASSERT(!ack_subject_read(text, &ack) || strncmp(text, "$JS.ACK.", 8) == 0);
    free(text);
    return 0;
}
