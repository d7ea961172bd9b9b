/* pgsim_process.h - hanok-pgsim in a process of its own, for a test whose main() begins with
 * PGSIM_PROCESS_MAIN: the test's program is run again, as hanok-pgsim. */
#ifndef TEST_CMD_PGSIM_PGSIM_PROCESS_H
#define TEST_CMD_PGSIM_PGSIM_PROCESS_H

#include <string.h>

#include "cmd/pgsim/program.h"
#include "test/support/server_process.h"
#include "tool/fetch/fetch.h"

#define PGSIM_WORD "--be-pgsim"
#define PGSIM_PROCESS_MAIN(argc, argv)                                                             \
    if ((argc) > 1 && strcmp((argv)[1], PGSIM_WORD) == 0)                                          \
    return pgsim_main((argc)-1, (argv) + 1)

#define PGSIM_SECRET "whsec_test"

struct pgsim_process {
    struct server_process *server; /* NULL = it does not run */
    struct fetcher *fetcher;
    char dir[64], book[96], webhook_url[128];
    unsigned port;
};

/** With a book of its own that is empty, and a port that stays the same. webhook_url: "" = none.
 * Returns 0, for cmocka. */
int pgsim_process_start(struct pgsim_process *self, const char *webhook_url);
/** Again, with the book as it is. */
void pgsim_process_restart(struct pgsim_process *self);
/** Ends it: SIGTERM, SIGKILL. */
void pgsim_process_end(struct pgsim_process *self, int signal);
/** Ends it and removes its book. Returns 0, unless it has logged an error or a sanitizer spoke. */
int pgsim_process_fini(struct pgsim_process *self);

/** Asks it: body NULL = GET. The status, 0 = no answer came; *reply is the body, until the next
 * call. */
int pgsim_process_ask(struct pgsim_process *self, const char *path, const char *body,
                      const char **reply);
/** POST /v1/control, which must be taken. */
void pgsim_process_control(struct pgsim_process *self, const char *body);

#endif
