/* nats_server.c - nats-server as a child of a test. */
#include "test/support/nats_server.h"

#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { START_PATIENCE_MS = 120000 };

static const char *path_in(const struct nats_server *server, const char *file, char path[96])
{
    snprintf(path, 96, "%s/%s", server->folder, file);
    return path;
}

bool nats_server_start(struct nats_server *server)
{
    char conf[96], log[96];
    const char *const argv[] = {"nats-server", "-c", path_in(server, "nats.conf", conf), NULL};

    server->process = server_process_start(argv, path_in(server, "nats.log", log));
    if (!server->process)
        return false;
    if (server_process_wait_port(server->process, server->port, START_PATIENCE_MS))
        return true;
    fprintf(stderr, "nats-server did not start, see %s\n", log);
    return false;
}

static bool write_configuration(const struct nats_server *server, const char *more)
{
    char conf[96];
    FILE *file = fopen(path_in(server, "nats.conf", conf), "w");

    if (!file)
        return false;
    fprintf(file, "listen: 127.0.0.1:%u\nstore_dir: %s\n%s\n", server->port, server->folder, more);
    return fclose(file) == 0;
}

bool nats_server_reload(struct nats_server *server, const char *more)
{
    if (!write_configuration(server, more))
        return false;
    server_process_signal(server->process, SIGHUP);
    return true;
}

bool nats_server_init(struct nats_server *server, const char *more)
{
    *server = (struct nats_server){.folder = "/tmp/hanok-nats-XXXXXX"};
    if (!mkdtemp(server->folder))
        return false;
    server->port = server_free_port();
    snprintf(server->url, sizeof(server->url), "nats://127.0.0.1:%u", server->port);
    return write_configuration(server, more) && nats_server_start(server);
}

void nats_server_kill(struct nats_server *server)
{
    server_process_stop(server->process, SIGKILL);
    server->process = NULL;
}

void nats_server_freeze(struct nats_server *server)
{
    server_process_freeze(server->process);
}

void nats_server_thaw(struct nats_server *server)
{
    server_process_signal(server->process, SIGCONT);
}

static int remove_one(const char *path, const struct stat *stat, int kind, struct FTW *ftw)
{
    (void)stat;
    (void)kind;
    (void)ftw;
    return remove(path);
}

void nats_server_forget(struct nats_server *server)
{
    char path[96];

    nftw(path_in(server, "jetstream", path), remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

void nats_server_fini(struct nats_server *server)
{
    server_process_stop(server->process, SIGKILL);
    nftw(server->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}
