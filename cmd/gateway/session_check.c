/* session_check.c - see session_check.h. */
#include "cmd/gateway/session_check.h"

#include <stdlib.h>

enum status session_check_read(const struct message *reply, struct granted_roles *granted)
{
    const char *code = message_header(reply, HEADER_ERROR_CODE);
    enum status st = code ? status_from_http((int)strtol(code, NULL, 10)) : ST_OK;
    struct problem problem = {0};
    size_t len;
    const char *json = message_data(reply, &len);

    if (!code)
        return decode_lenient(AUTH_CHECK.reply, json, len, granted, &problem) == ST_OK
                   ? ST_OK
                   : ST_INTERNAL;
    return st == ST_UNAUTHENTICATED || st == ST_UNAVAILABLE || st == ST_TIMEOUT ? st : ST_INTERNAL;
}
