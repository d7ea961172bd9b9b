/* text_fuzz.c - any text in every form: what is made is made once and for all, within its bounds,
 * and equal texts stay equal. */
#include <stdint.h>
#include <string.h>

#include "tool/core/assert.h"
#include "tool/text/text.h"

enum { INPUT_MAX = 256, ROOM = 4 * INPUT_MAX };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_once_for_all(bool (*form)(const char *, char *, size_t), const char *text)
{
    char once[ROOM], twice[ROOM], composed[ROOM], again[ROOM];

    if (!form(text, once, sizeof(once))) {
        ASSERT(text_kinds(text, strlen(text)) & TEXT_FORBIDDEN); /* not UTF-8: all of them fit */
        ASSERT(once[0] == '\0');
        return;
    }
    ASSERT(form(once, twice, sizeof(twice)) && strcmp(once, twice) == 0);
    /* From another keyboard it is the same. */
    ASSERT(text_nfc(text, composed, sizeof(composed)));
    ASSERT(form(composed, again, sizeof(again)) && strcmp(once, again) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[INPUT_MAX + 1] = "", out[ROOM];

    memcpy(text, data, size < INPUT_MAX ? size : INPUT_MAX);
    check_once_for_all(text_nfc, text);
    check_once_for_all(text_fold, text);
    check_once_for_all(text_opaque, text);
    if (text_domain(text, out, sizeof(out)))
        ASSERT(strlen(out) < sizeof(out));
    (void)text_nfc(text, out, size % 16 + 1);
    ASSERT(strlen(out) <= size % 16);
    return 0;
}
