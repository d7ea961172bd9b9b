/* http_target.c - see http_target.h. */
#include "tool/http/http_target.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "tool/core/mem.h"
#include "tool/http/header_check.h"

/* "/" and "?" end the authority. Where neither follows at once, a "/" takes its last place. */
static char *after_authority(char *authority)
{
    size_t len = strcspn(authority, "/?");
    char *path = authority + len;

    if (!header_check_host(authority, len))
        return NULL;
    if (*path != '/')
        *--path = '/';
    return path;
}

char *http_target_read(const char *method, char *target, size_t len)
{
    static const char *const SCHEMES[] = {"http://", "https://"};

    for (size_t i = 0; i < len; i++)
        if (target[i] <= ' ' || target[i] > '~' || target[i] == '#')
            return NULL;
    if (target[0] == '/')
        return target;
    if (strcmp(target, "*") == 0)
        return strcmp(method, "OPTIONS") == 0 ? target : NULL;
    for (size_t i = 0; i < ARRAY_LEN(SCHEMES); i++)
        if (strncasecmp(target, SCHEMES[i], strlen(SCHEMES[i])) == 0)
            return after_authority(target + strlen(SCHEMES[i]));
    return NULL;
}
