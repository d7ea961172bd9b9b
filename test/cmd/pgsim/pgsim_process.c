/* pgsim_process.c - see pgsim_process.h. */
#include "test/cmd/pgsim/pgsim_process.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "tool/core/mem.h"

enum { PATIENCE_MS = 120000, REPLY_MAX = 1 << 20 };

void pgsim_process_restart(struct pgsim_process *self)
{
    char listen[32], log[96];
    const char *argv[] = {"/proc/self/exe",
                          PGSIM_WORD,
                          "--config",
                          "/dev/null",
                          "--listen",
                          listen,
                          "--book",
                          self->book,
                          "--webhook-url",
                          self->webhook_url,
                          "--webhook-secret",
                          PGSIM_SECRET,
                          "--log-level",
                          "debug",
                          NULL};

    snprintf(listen, sizeof(listen), "127.0.0.1:%u", self->port);
    snprintf(log, sizeof(log), "%s/log", self->dir);
    self->server = server_process_start(argv, log);
    if (!self->server || !server_process_wait_port(self->server, self->port, PATIENCE_MS))
        fail_msg("hanok-pgsim does not start: see %s", log);
}

int pgsim_process_start(struct pgsim_process *self, const char *webhook_url)
{
    *self = (struct pgsim_process){.dir = "/tmp/hanok-test-XXXXXX"};
    assert_non_null(mkdtemp(self->dir));
    snprintf(self->book, sizeof(self->book), "%s/book", self->dir);
    TEXT_COPY(self->webhook_url, webhook_url);
    self->port = server_free_port();
    self->fetcher = fetcher_create();
    pgsim_process_restart(self);
    return 0;
}

void pgsim_process_end(struct pgsim_process *self, int signal)
{
    server_process_stop(self->server, signal);
    self->server = NULL;
}

int pgsim_process_fini(struct pgsim_process *self)
{
    char command[192];

    pgsim_process_end(self, SIGTERM);
    fetcher_destroy(self->fetcher);
    snprintf(command, sizeof(command),
             "! grep -E 'Sanitizer:|runtime error:|\"error\"' %s/log && rm -r %s", self->dir,
             self->dir);
    return system(command);
}

int pgsim_process_ask(struct pgsim_process *self, const char *path, const char *body,
                      const char **reply)
{
    static const char *const FIELDS[] = {"Content-Type: application/json", NULL};
    static _Thread_local char kept[REPLY_MAX + 1];
    const struct fetch_rule rule = {
        .size_max = REPLY_MAX, .timeout_ms = PATIENCE_MS, .plain = true};
    char url[256], why[FETCH_WHY_MAX + 1];
    const struct fetch_question question = {
        .url = url, .body = body, .len = body ? strlen(body) : 0, .fields = body ? FIELDS : NULL};
    struct fetch_answer answer = {.status = 0};

    snprintf(url, sizeof(url), "http://127.0.0.1:%u%s", self->port, path);
    kept[0] = '\0';
    if (fetcher_ask(self->fetcher, &question, &rule, &answer, why) == FETCH_ANSWERED)
        memcpy(kept, answer.body, answer.len + 1);
    free(answer.body);
    if (reply)
        *reply = kept;
    return answer.status;
}

void pgsim_process_control(struct pgsim_process *self, const char *body)
{
    assert_int_equal(pgsim_process_ask(self, "/v1/control", body, NULL), 200);
}
