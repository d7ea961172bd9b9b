/* openapi_description.c - see openapi_description.h. */
#include "middleware/openapi_description.h"

#include <stdio.h>

void openapi_write_description(const struct openapi_route *route, struct json_out *o)
{
    static const char *const WHO[] = {
        [ACCESS_ANYBODY] = "Who has an access token may ask",
        [ACCESS_CALLER] = "Who has an access token may ask",
        [ACCESS_ROLE] = "Who has one of these roles may ask: ",
        [ACCESS_OWNER] = "Whose it is may ask",
        [ACCESS_OWNER_OR_ROLE] = "Whose it is may ask, and who has one of these roles: ",
    };
    const struct access *access = route->op ? &route->op->access : NULL;
    enum access_kind kind = access ? access->kind : ACCESS_ANYBODY;
    char text[512];

    snprintf(text, sizeof(text), "%s%s.%s%s", route->bearer ? WHO[kind] : "Anybody may ask",
             route->bearer && access && access->roles ? access->roles : "",
             route->roles ? " Of these, the route lets some roles in only." : "",
             route->fresh ? " The session of the token must go on." : "");
    json_out_member(o, "description", text);
}
