/* refusals_fuzz.c - whatever a server complains of: a subject is read whole, or not at all. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/message/refusals.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1), subject[LINK_SUBJECT_MAX + 1] = "";

    if (!text)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    if (refusal_subject(text, subject)) {
        ASSERT(subject[0] != '\0' && !strchr(subject, '"'));
        ASSERT(strstr(text, subject));
    } else {
        ASSERT(subject[0] == '\0');
    }
    free(text);
    return 0;
}
