/* request.c - any request to any service, as an operator or as somebody else. */
#include <string.h>

#include "cmd/ctl/ctl.h"

enum exit_code ctl_request(struct session *session)
{
    const struct options *options = &session->options;
    const char *subject = session->line->words[0], *text = session->line->words[1];
    const struct bus_header headers[] = {
        {"Auth-Subject", options->as   },
        {"Auth-Roles",   options->roles}
    };
    struct answer answer;
    json_error_t error;
    json_t *body = json_loads(text ? text : "{}", JSON_REJECT_DUPLICATES, &error);
    enum exit_code code;

    if (subject[0] == '\0' || strpbrk(subject, " \t\r\n*>")) {
        json_decref(body);
        return session_fail(session, EXIT_USAGE, "'%s' is no subject of a request", subject);
    }
    if (options->roles[0] && !options->as[0]) {
        json_decref(body);
        return session_fail(session, EXIT_USAGE, "--roles are a caller's: say whose by --as");
    }
    if (!body)
        return session_fail(session, EXIT_USAGE, "what is to be sent is no JSON: %s", error.text);
    code = session_connect(session);
    if (code == EXIT_DONE) {
        bus_ask_as(session->bus, subject, body, headers, options->as[0] ? 2 : 0, &answer);
        if (answer.code == EXIT_DONE) {
            json_dumpf(answer.body, session->style.out, JSON_INDENT(2));
            fputc('\n', session->style.out);
            answer_fini(&answer);
        } else {
            code = session_no(session, &answer);
        }
    }
    json_decref(body);
    return code;
}
