/* user.c - accounts, and the roles they are granted. */
#include "cmd/ctl/ctl.h"
#include "tool/core/mem.h"

static const struct cell CELLS[] = {
    {"LOGIN ID", "loginId",   CELL_PLAIN, CELL_NAME},
    {"USER",     "userId",    CELL_PLAIN, 0        },
    {"STATUS",   "status",    CELL_PLAIN, 0        },
    {"ROLES",    "roles",     CELL_PLAIN, 0        },
    {"CREATED",  "createdAt", CELL_TIME,  0        },
    {"CHANGED",  "updatedAt", CELL_TIME,  0        },
};
static const struct listing ACCOUNT = {CELLS, ARRAY_LEN(CELLS)};

static enum exit_code ask(struct session *session, const char *subject)
{
    const char *const *words = session->line->words;
    json_t *body = json_pack("{s:s,s:s*}", "loginId", words[0], "role", words[1]);
    enum exit_code code = session_connect(session);
    struct answer answer;

    if (code == EXIT_DONE) {
        bus_ask(session->bus, subject, body, &answer);
        code = answer.code;
        if (code == EXIT_DONE) {
            table_print_one(&session->style, &ACCOUNT, answer.body);
            answer_fini(&answer);
        } else {
            session_no(session, &answer);
        }
    }
    json_decref(body);
    return code;
}

enum exit_code ctl_user_show(struct session *session)
{
    return ask(session, "auth.admin.user.get");
}

enum exit_code ctl_user_grant(struct session *session)
{
    return ask(session, "auth.admin.user.grant");
}

enum exit_code ctl_user_revoke(struct session *session)
{
    return ask(session, "auth.admin.user.revoke");
}

enum exit_code ctl_user_logout(struct session *session)
{
    return ask(session, "auth.admin.user.logout");
}
