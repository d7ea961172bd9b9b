/* password_form.c - see password_form.h. */
#include "tool/crypto/password_form.h"

#include <string.h>

#include "tool/core/mem.h"
#include "tool/text/text.h"

bool password_form(const char *typed, struct password_form *out)
{
    out->typed[0] = '\0';
    text_opaque(typed, out->opaque, sizeof(out->opaque));
    if (strcmp(typed, out->opaque) != 0)
        TEXT_COPY(out->typed, typed);
    return out->opaque[0] != '\0' || out->typed[0] != '\0';
}
