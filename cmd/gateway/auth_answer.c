/* auth_answer.c - see auth_answer.h. */
#include "cmd/gateway/auth_answer.h"

enum status auth_answer_read(const struct operation *op, const struct message *reply, void *out)
{
    const char *code = message_header(reply, HEADER_ERROR_CODE);
    enum status st = message_status(reply);
    struct problem problem = {0};
    size_t len;
    const char *json = message_data(reply, &len);

    if (!code)
        return decode_lenient(op->reply, json, len, out, &problem) == ST_OK ? ST_OK : ST_INTERNAL;
    return st == ST_UNAUTHENTICATED || st == ST_UNAVAILABLE || st == ST_TIMEOUT ? st : ST_INTERNAL;
}
