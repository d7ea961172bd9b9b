/* exit_code.h - how a command line tool ends, for scripts. */
#ifndef TOOL_CTL_EXIT_CODE_H
#define TOOL_CTL_EXIT_CODE_H

enum exit_code {
    EXIT_DONE = 0,
    EXIT_NOT_SO = 1,      /* it is not as asked: not found, refused, unhealthy */
    EXIT_USAGE = 2,       /* the command line makes no sense */
    EXIT_UNREACHABLE = 3, /* NATS or the service is not there; nothing has happened */
    EXIT_TIMEOUT = 4,     /* no answer in time: it may have happened */
    EXIT_DENIED = 5,      /* whoever asks may not */
};

#endif
