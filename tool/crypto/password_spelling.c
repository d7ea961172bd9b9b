/* password_spelling.c - see password_spelling.h. */
#include "tool/crypto/password_spelling.h"

#include <string.h>

#include "tool/core/mem.h"
#include "tool/text/text.h"

bool password_spelling(const char *typed, struct password_spelling *out)
{
    out->typed[0] = '\0';
    text_opaque(typed, out->opaque, sizeof(out->opaque));
    if (strcmp(typed, out->opaque) != 0)
        TEXT_COPY(out->typed, typed);
    return out->opaque[0] != '\0' || out->typed[0] != '\0';
}
