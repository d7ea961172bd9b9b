/* commands.c - what hanokctl can do, as rows. */
#include <stdint.h>

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
    OPTION(struct options, type, "type", 0, OPTION_TEXT, .takes = TAKES_TYPE, .doc = "Of this type only"),
    OPTION(struct options, key, "key", 0, OPTION_TEXT, .takes = TAKES_KEY, .value = "ID",
           .doc = "Events of this key only, such as a user's id"),
    OPTION(struct options, after, "after", 0, OPTION_NUMBER, .takes = TAKES_AFTER, .max = INT64_MAX, .value = "SEQ",
           .doc = "Events behind this sequence in the stream; 0, all that are kept"),
    OPTION(struct options, older_ms, "older", 0, OPTION_DURATION, .takes = TAKES_SAGAS,
           .doc = "Sagas that were started at least so long ago"),
    OPTION(struct options, limit, "limit", 0, OPTION_NUMBER, .takes = TAKES_LIMIT, .min = 1, .max = 500,
           .fallback = "100", .doc = "So many at most; of sagas, of each service"),
    OPTION(struct options, monitor, "monitor", 0, OPTION_TEXT, .takes = TAKES_MONITOR, .value = "HOST:PORT",
           .doc = "Where nats-server's monitoring listens, to check its settings too"),
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
     TAKES_SERVICE | TAKES_WATCH | TAKES_SAGAS | TAKES_TYPE | TAKES_LIMIT, ctl_saga_ls},
    {"saga", "show", "SAGA_ID", "Shows how far a saga has come.", TAKES_SERVICE, ctl_saga_show},
    {"saga", "watch", "SAGA_ID", "Follows a saga to its end; ends with 1 when it was compensated.", TAKES_SERVICE,
     ctl_saga_watch},
    {"saga", "retry", "SAGA_ID", "Has a saga's next step tried now.", TAKES_SERVICE, ctl_saga_retry},
    {"saga", "compensate", "SAGA_ID", "Has a saga undone that has not passed its point of no return.",
     TAKES_SERVICE | TAKES_YES, ctl_saga_compensate},
    {"doctor", NULL, NULL, "Checks what must be true at any moment; ends with 1 when something is not, and says what to do.",
     TAKES_MONITOR, ctl_doctor},
    {"breaker", "ls", NULL, "Lists the circuit breakers.", TAKES_SERVICE | TAKES_WATCH, ctl_breaker_ls},
    {"outbox", "lag", NULL, "Shows the events that are still to be sent, and which instance relays which partitions.",
     TAKES_SERVICE | TAKES_WATCH, ctl_outbox_lag},
    {"outbox", "replay", NULL, "Sends events again that were sent, for a stream that lost them; nobody does anything twice.",
     TAKES_SERVICE | TAKES_YES | TAKES_AFTER, ctl_outbox_replay},
    {"dead", "ls", NULL, "Lists events that could not be handled, and those parked behind them.",
     TAKES_SERVICE | TAKES_WATCH | TAKES_KEY, ctl_dead_ls},
    {"dead", "show", "EVENT_ID", "Shows a dead letter with its data.", TAKES_SERVICE, ctl_dead_show},
    {"dead", "replay", "EVENT_ID", "Has a dead letter handled again, then what is parked behind it.", TAKES_SERVICE,
     ctl_dead_replay},
    {"dead", "drop", "EVENT_ID", "Gives a dead letter up, and goes on with what is parked behind it.",
     TAKES_SERVICE | TAKES_YES, ctl_dead_drop},
    {"event", "ls", NULL, "Lists the latest events of the stream.", TAKES_TYPE | TAKES_KEY | TAKES_LIMIT, ctl_event_ls},
    {"event", "tail", NULL, "Shows events as they are sent.", TAKES_TYPE | TAKES_KEY, ctl_event_tail},
    {"user", "show", "LOGIN_ID", "Shows an account and its roles.", 0, ctl_user_show},
    {"user", "grant", "LOGIN_ID ROLE", "Grants an account a role; its next login or refresh has it.", 0, ctl_user_grant},
    {"user", "revoke", "LOGIN_ID ROLE", "Takes a role away; it is gone with the next refresh, when the token ends at the latest.", 0, ctl_user_revoke},
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
