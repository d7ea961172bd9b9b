/* common_setting.c - rows of the settings that services have in common. */
#include "tool/service/common_setting.h"

#include <stdio.h>
#include <string.h>

#include "tool/core/mem.h"
#include "tool/stream/stream.h"
#include "tool/http/listen_address.h"
#include "tool/message/link_url.h"

/* In the order of enum log_level. */
static const char *const LOG_LEVELS[] = {"debug", "info", "warn", "error", NULL};

static const char *const RELAYS[] = {"poll", OUTBOX_RELAY_BINLOG, NULL};

/* A setting's check: the libraries say no more than that no server can be trusted. */
static const char *authority_check(const void *value)
{
    static const char BEGIN[] = "-----BEGIN ";
    const char *path = value;
    char line[128];
    bool found = false;
    FILE *file;

    if (path[0] == '\0')
        return NULL;
    file = fopen(path, "re");
    if (!file)
        return "cannot be read";
    while (!found && fgets(line, sizeof(line), file))
        found = strncmp(line, BEGIN, sizeof(BEGIN) - 1) == 0 && strstr(line, "CERTIFICATE-----");
    fclose(file);
    return found ? NULL : "holds no certificate in PEM form";
}

/* The rest of an instance's settings may be unreadable, or changed since it started. */
static const char *const HEALTHCHECK_NEEDS[] = {"admin-listen", "admin-file", NULL};

/* clang-format off */
static const struct setting FLAGS[] = {
    SETTING(struct service_flags, subjects, "subjects", SETTING_FLAG, "off",
            .doc = "print the NATS subjects it serves, calls and listens to, for its permissions, and exit"),
    SETTING(struct service_flags, healthcheck, "healthcheck", SETTING_FLAG, "off",
            .needs = HEALTHCHECK_NEEDS,
            .doc = "ask the instance with these settings whether it is ready, and exit: 0, or 1 and why"),
};

static const struct setting NATS[] = {
    SETTING(struct nats_settings, url, "nats-url", SETTING_TEXT, "nats://127.0.0.1:4222",
            .check = link_url_check, .doc = "NATS servers, comma separated; tls:// in front of one encrypts with all or does not connect"),
    SETTING(struct nats_settings, user, "nats-user", SETTING_TEXT, "",
            .doc = "user at NATS; without one, no credentials are sent"),
    SETTING(struct nats_settings, password, "nats-password", SETTING_SECRET, "",
            .doc = "password of nats-user"),
    SETTING(struct nats_settings, tls_ca, "nats-tls-ca", SETTING_TEXT, "",
            .check = authority_check,
            .doc = "PEM file of the authority that NATS servers are checked by, with TLS only; without one, the system's authorities check a server that wants TLS, or that nats-url names by tls://"),
};

static const struct setting COMMON[] = {
    SETTING(struct common_settings, admin_listen, "admin-listen", SETTING_TEXT, "127.0.0.1:0",
            .check = listen_address_check, .doc = "address of /livez, /readyz and /metrics; port 0 is any free one"),
    SETTING(struct common_settings, admin_file, "admin-file", SETTING_TEXT, "",
            .doc = "file to which host:port of the admin listener is written"),
    SETTING(struct common_settings, log_level, "log-level", SETTING_TEXT, "info", .choices = LOG_LEVELS,
            .doc = "the lowest level that is logged"),
    SETTING(struct common_settings, drain_ms, "drain-ms", SETTING_INT, "10000", .min = 0, .max = 600000,
            .unit = "ms", .doc = "how long work in hand may take to finish after SIGTERM"),
};

static const struct setting DATABASE[] = {
    SETTING(struct database_settings, socket, "mysql-socket", SETTING_TEXT, "",
            .doc = "unix socket of MariaDB; without one, host and port"),
    SETTING(struct database_settings, host, "mysql-host", SETTING_TEXT, "127.0.0.1",
            .doc = "host of MariaDB"),
    SETTING(struct database_settings, port, "mysql-port", SETTING_INT, "3306", .min = 1, .max = 65535,
            .doc = "port of MariaDB"),
    SETTING(struct database_settings, user, "mysql-user", SETTING_TEXT, NULL,
            .doc = "user at MariaDB"),
    SETTING(struct database_settings, password, "mysql-password", SETTING_SECRET, "",
            .doc = "password of mysql-user"),
    SETTING(struct database_settings, schema, "mysql-schema", SETTING_TEXT, NULL,
            .doc = "schema of this service"),
    SETTING(struct database_settings, tls_ca, "mysql-tls-ca", SETTING_TEXT, "",
            .check = authority_check,
            .doc = "PEM file of the authority that MariaDB is checked by; without one, no TLS"),
    SETTING(struct database_settings, connections, "mysql-connections", SETTING_INT, "16", .min = 1, .max = 1000,
            .doc = "connections to MariaDB at most"),
};

static const struct setting BARRIER[] = {
    SETTING(struct barrier_settings, retention_s, "message-retention-s", SETTING_INT, "604800", .min = 3600, .max = 315360000,
            .unit = "s", .doc = "how long a message's outcome is remembered, so that a copy of it has no effect"),
};

static const struct setting OUTBOX[] = {
    SETTING(struct outbox_settings, relay, "relay", SETTING_TEXT, "poll", .choices = RELAYS,
            .doc = "how events that wait to be sent are found: poll (a commit wakes who reads the table) or binlog (MariaDB's transaction log is read, see docs/operations.md; where it cannot be, the table)"),
    SETTING(struct outbox_settings, retention_s, "outbox-retention-s", SETTING_INT, "86400", .min = 60, .max = 315360000,
            .unit = "s", .doc = "how long an event that was sent is kept, to be sent again if the stream loses it"),
    SETTING(struct outbox_settings, replicas, "stream-replicas", SETTING_INT, "1", .min = 1, .max = STREAM_REPLICAS_MAX,
            .doc = "servers that keep a stream which is missing and has to be made"),
};

static const struct setting EVENT[] = {
    SETTING(struct event_settings, workers, "event-workers", SETTING_INT, "16", .min = 1, .max = 256,
            .doc = "events handled at a time; of each of 16 partitions one, so that more are of no use"),
    SETTING(struct event_settings, attempts, "event-attempts", SETTING_INT, "5", .min = 1, .max = 1000,
            .doc = "attempts to handle an event that fail, then it is a dead letter"),
};

static const struct setting SAGA[] = {
    SETTING(struct saga_settings, workers, "saga-workers", SETTING_INT, "8", .min = 1, .max = 256,
            .doc = "sagas worked on at a time"),
    SETTING(struct saga_settings, retention_s, "saga-retention-s", SETTING_INT, "86400", .min = 86400, .max = 315360000,
            .unit = "s", .doc = "how long a finished saga can still be asked for"),
};
/* clang-format on */

struct setting_group service_flag_group(struct service_flags *target)
{
    return (struct setting_group){FLAGS, ARRAY_LEN(FLAGS), target};
}

struct setting_group nats_setting_group(struct nats_settings *target)
{
    return (struct setting_group){NATS, ARRAY_LEN(NATS), target};
}

struct setting_group common_setting_group(struct common_settings *target)
{
    return (struct setting_group){COMMON, ARRAY_LEN(COMMON), target};
}

struct setting_group database_setting_group(struct database_settings *target)
{
    return (struct setting_group){DATABASE, ARRAY_LEN(DATABASE), target};
}

struct setting_group barrier_setting_group(struct barrier_settings *target)
{
    return (struct setting_group){BARRIER, ARRAY_LEN(BARRIER), target};
}

struct setting_group outbox_setting_group(struct outbox_settings *target)
{
    return (struct setting_group){OUTBOX, ARRAY_LEN(OUTBOX), target};
}

struct setting_group event_setting_group(struct event_settings *target)
{
    return (struct setting_group){EVENT, ARRAY_LEN(EVENT), target};
}

struct setting_group saga_setting_group(struct saga_settings *target)
{
    return (struct setting_group){SAGA, ARRAY_LEN(SAGA), target};
}

enum log_level common_log_level(const struct common_settings *settings)
{
    int level = LOG_DEBUG;

    while (LOG_LEVELS[level] && strcmp(LOG_LEVELS[level], settings->log_level) != 0)
        level++;
    return (enum log_level)level;
}

static const char *given(const char *text)
{
    return text[0] ? text : NULL;
}

struct link_config nats_config(const struct nats_settings *settings, const char *name)
{
    return (struct link_config){.url = settings->url,
                                .name = name,
                                .user = given(settings->user),
                                .password = given(settings->password),
                                .tls_ca = given(settings->tls_ca)};
}

struct dbc_config database_config(const struct database_settings *settings, struct metrics *metrics)
{
    return (struct dbc_config){.socket = settings->socket,
                               .host = settings->host,
                               .port = (int)settings->port,
                               .user = settings->user,
                               .password = settings->password,
                               .schema = settings->schema,
                               .tls_ca = settings->tls_ca,
                               .connections = (unsigned)settings->connections,
                               .metrics = metrics};
}
