/* registry_form.c - see registry_form.h. */
#include "usecase/user/registry_form.h"

#include <stdio.h>
#include <string.h>

#include "usecase/user/profile_registrar.h"

#define REGISTERED "registered " /* then the user's id */
#define EMAIL_TAKEN "email_taken"

static bool write(enum status st, const struct call *call, const void *out, char *text, size_t size)
{
    char id[UUID_TEXT_LEN + 1];

    if (st == ST_OK)
        snprintf(text, size, REGISTERED "%s",
                 uuid_text(((const struct registry_outcome *)out)->user_id, id));
    else if (strcmp(call->problem->code, EMAIL_TAKEN) == 0)
        snprintf(text, size, EMAIL_TAKEN);
    else
        return false;
    return true;
}

static enum status read(const char *text, const struct call *call, void *out)
{
    struct registry_outcome outcome = {.status = REGISTRY_REGISTERED};
    size_t n = strlen(REGISTERED);

    if (strcmp(text, EMAIL_TAKEN) == 0)
        return profile_email_taken(call);
    if (strncmp(text, REGISTERED, n) != 0 || !uuid_parse(text + n, &outcome.user_id))
        return ST_PENDING;
    *(struct registry_outcome *)out = outcome;
    return ST_OK;
}

const struct outcome_form REGISTRY_FORM = {.write = write, .read = read};
