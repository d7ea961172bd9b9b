/* main.c - hanokctl: looks at running services, puts right what is stuck. */
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "cmd/ctl/ctl.h"
#include "tool/core/keep_private.h"

int main(int argc, char **argv)
{
    struct session session = {.set = &HANOKCTL, .style = {.out = stdout}};
    struct command_line line;
    enum exit_code code;

    keep_private();
    setlocale(LC_CTYPE, "C.UTF-8"); /* what services say, wherever it is shown */
    if (argc > 1 && strcmp(argv[1], "__complete") == 0)
        return ctl_complete(argc - 2, (const char *const *)argv + 2);
    code = command_parse(&HANOKCTL, argc, (const char *const *)argv, &session.options, &line,
                         stdout, stderr);
    session.line = &line;
    session.style.format = (enum table_format)session.options.format;
    session.style.no_headings = session.options.no_headings;
    if (code == EXIT_DONE && line.command)
        code = line.command->run(&session);
    bus_close(session.bus);
    command_line_fini(&line);
    if (fflush(stdout) != 0 && code == EXIT_DONE)
        code = EXIT_NOT_SO;
    return (int)code;
}
