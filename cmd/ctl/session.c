/* session.c - one run of hanokctl: its connection, its words to people. */
#include <poll.h>
#include <pwd.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "cmd/ctl/ctl.h"
#include "tool/core/mem.h"
#include "tool/core/uuid.h"

enum { WATCH_EVERY_MS = 2000, AGAIN_EVERY_MS = 500 };

enum exit_code session_fail(const struct session *session, enum exit_code code, const char *fmt,
                            ...)
{
    va_list args;

    fprintf(stderr, "%s: ", session->set->program);
    va_start(args, fmt);
    vfprintf(stderr, fmt, args);
    va_end(args);
    fputc('\n', stderr);
    return code;
}

enum exit_code session_no(const struct session *session, struct answer *answer)
{
    if (session->style.format == TABLE_JSON && json_is_object(answer->body)) {
        json_dumpf(answer->body, stderr, JSON_COMPACT);
        fputc('\n', stderr);
    } else {
        session_fail(session, answer->code, "%s", answer->why);
    }
    answer_fini(answer);
    return answer->code;
}

/* By which the services' logs say who it was: ctl-kim-0197f3a0... */
static void name_request(char *text, size_t size)
{
    const struct passwd *who = getpwuid(geteuid());
    char id[UUID_TEXT_LEN + 1];

    uuid_text(uuid_v7(&CLOCK_SYSTEM, &ENTROPY_SYSTEM), id);
    snprintf(text, size, "ctl-%.16s-%s", who ? who->pw_name : "somebody", id);
}

/* EXIT_DONE; else why. */
static enum exit_code connect_bus(struct session *session, char why[CONTEXT_WHY_MAX + 1])
{
    struct context_folders folders;
    struct context *context = MEM_NEW(struct context);
    char request_id[64];
    enum exit_code code = EXIT_USAGE;
    const char *name = session->options.context;

    if (!name[0])
        name = getenv("NATS_CONTEXT");
    context_folders_find(&folders);
    name_request(request_id, sizeof(request_id));
    if (context_load(&folders, name, context, why))
        session->bus = bus_connect(context, request_id, session->options.timeout_ms, &code, why);
    explicit_bzero(context, sizeof(*context));
    free(context);
    return session->bus ? EXIT_DONE : code;
}

enum exit_code session_connect(struct session *session)
{
    char why[CONTEXT_WHY_MAX + 1];
    enum exit_code code = session->bus ? EXIT_DONE : connect_bus(session, why);

    return code == EXIT_DONE ? code : session_fail(session, code, "%s", why);
}

enum exit_code session_connect_again(struct session *session)
{
    char why[CONTEXT_WHY_MAX + 1];
    enum exit_code code;

    bus_close(session->bus);
    session->bus = NULL;
    while ((code = connect_bus(session, why)) == EXIT_UNREACHABLE)
        poll(NULL, 0, AGAIN_EVERY_MS);
    return code == EXIT_DONE ? code : session_fail(session, code, "%s", why);
}

enum exit_code session_confirm(const struct session *session, const char *what, const char *word)
{
    char line[128] = "";

    if (session->options.yes)
        return EXIT_DONE;
    if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))
        return session_fail(session, EXIT_USAGE, "%s: that needs --yes, as there is nobody to ask",
                            what);
    fprintf(stderr, "%s. Type %s to go on: ", what, word);
    if (!fgets(line, sizeof(line), stdin))
        line[0] = '\0';
    line[strcspn(line, "\n")] = '\0';
    return strcmp(line, word) == 0 ? EXIT_DONE
                                   : session_fail(session, EXIT_USAGE, "nothing was done");
}

enum exit_code session_watch(struct session *session, enum exit_code (*fn)(struct session *session))
{
    enum exit_code code = EXIT_DONE;

    session->style.lines = session->options.watch;
    for (;;) {
        if (session->options.watch && session->style.format != TABLE_JSON && isatty(STDOUT_FILENO))
            fprintf(session->style.out, "\033[H\033[2J");
        code = fn(session);
        fflush(session->style.out);
        if (!session->options.watch || code > EXIT_NOT_SO)
            return code;
        poll(NULL, 0, WATCH_EVERY_MS);
    }
}
