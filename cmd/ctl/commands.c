/* commands.c - what hanokctl can do, as rows. */
#include "cmd/ctl/ctl.h"
#include "tool/core/mem.h"
#include "tool/service/version.h"

/* clang-format off */
static const struct option_row OPTIONS[] = {
    OPTION(struct options, context, "context", 0, OPTION_TEXT, .value = "NAME",
           .doc = "The context of the nats CLI to use; else $NATS_CONTEXT, the one beside the program, the selected one"),
    OPTION(struct options, format, "output", 'o', OPTION_CHOICE, .choices = TABLE_FORMAT_NAMES, .fallback = "table",
           .doc = "How to show it; json is for programs and never cut"),
    OPTION(struct options, no_headings, "no-headings", 0, OPTION_FLAG, .doc = "Leaves the first line of tables out"),
    OPTION(struct options, quiet, "quiet", 'q', OPTION_FLAG, .doc = "Leaves remarks out"),
    OPTION(struct options, timeout_ms, "timeout", 0, OPTION_DURATION, .fallback = "5s",
           .doc = "How long to wait for an answer"),
    OPTION(struct options, service, "service", 0, OPTION_TEXT, .takes = TAKES_SERVICE, .value = "NAME",
           .doc = "This service only"),
    OPTION(struct options, watch, "watch", 'w', OPTION_FLAG, .takes = TAKES_WATCH,
           .doc = "Again and again; with -o json an object a line"),
    OPTION(struct options, yes, "yes", 'y', OPTION_FLAG, .takes = TAKES_YES, .doc = "Does not ask back"),
    OPTION(struct options, state, "state", 0, OPTION_CHOICE, .takes = TAKES_SAGAS, .choices = SAGA_STATES_WANTED,
           .fallback = "OPEN", .doc = "Sagas in this state"),
    OPTION(struct options, type, "type", 0, OPTION_TEXT, .takes = TAKES_SAGAS, .doc = "Sagas of this type"),
    OPTION(struct options, older_ms, "older", 0, OPTION_DURATION, .takes = TAKES_SAGAS,
           .doc = "Sagas that were started at least so long ago"),
    OPTION(struct options, limit, "limit", 0, OPTION_NUMBER, .takes = TAKES_SAGAS, .min = 1, .max = 500,
           .fallback = "100", .doc = "So many at most, of each service"),
    OPTION(struct options, as, "as", 0, OPTION_TEXT, .takes = TAKES_AS, .value = "USER_ID",
           .doc = "Asks for this caller instead"),
    OPTION(struct options, roles, "roles", 0, OPTION_TEXT, .takes = TAKES_AS,
           .doc = "With --as: the caller's roles, space separated"),
};

static const struct command COMMANDS[] = {
    {"status", NULL, NULL, "Shows each instance of each service; ends with 1 when one is not well.",
     TAKES_SERVICE | TAKES_WATCH, ctl_status},
    {"service", "ls", NULL, "Lists the services that are running.", 0, ctl_service_ls},
    {"service", "info", "SERVICE", "Shows what a service answers.", 0, ctl_service_info},
    {"service", "stats", "[SERVICE]", "Shows how often it was asked, and how fast it answered.", TAKES_WATCH,
     ctl_service_stats},
    {"saga", "ls", NULL, "Lists sagas, those that are open unless --state says otherwise.",
     TAKES_SERVICE | TAKES_WATCH | TAKES_SAGAS, ctl_saga_ls},
    {"saga", "show", "SAGA_ID", "Shows how far a saga has come.", TAKES_SERVICE, ctl_saga_show},
    {"saga", "watch", "SAGA_ID", "Follows a saga to its end; ends with 1 when it was compensated.", TAKES_SERVICE,
     ctl_saga_watch},
    {"saga", "retry", "SAGA_ID", "Has a saga's next step tried now.", TAKES_SERVICE, ctl_saga_retry},
    {"saga", "compensate", "SAGA_ID", "Has a saga undone that has not passed its point of no return.",
     TAKES_SERVICE | TAKES_YES, ctl_saga_compensate},
    {"doctor", NULL, NULL, "Checks what must be true at any moment; ends with 1 when something is not, and says what to do.",
     0, ctl_doctor},
    {"breaker", "ls", NULL, "Lists the circuit breakers.", TAKES_SERVICE | TAKES_WATCH, ctl_breaker_ls},
    {"user", "show", "LOGIN_ID", "Shows an account and its roles.", 0, ctl_user_show},
    {"user", "grant", "LOGIN_ID ROLE", "Grants an account a role; its next login has it.", 0, ctl_user_grant},
    {"user", "revoke", "LOGIN_ID ROLE", "Takes a role away; tokens keep it until they end.", 0, ctl_user_revoke},
    {"request", NULL, "SUBJECT [JSON]", "Sends a request and prints the answer.", TAKES_AS, ctl_request},
    {"completion", NULL, "SHELL", "Prints what makes bash, zsh or fish complete these commands.", 0, ctl_completion},
};
/* clang-format on */

const struct command_set HANOKCTL = {
    .program = "hanokctl",
    .summary = "looks at running services, and puts right what is stuck",
    .version = HANOK_VERSION,
    .commands = COMMANDS,
    .n_commands = ARRAY_LEN(COMMANDS),
    .options = OPTIONS,
    .n_options = ARRAY_LEN(OPTIONS),
};
