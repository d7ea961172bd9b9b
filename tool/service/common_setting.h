/* common_setting.h - the settings that services have in common: a struct and its rows each. */
#ifndef TOOL_SERVICE_COMMON_SETTING_H
#define TOOL_SERVICE_COMMON_SETTING_H

#include <stdint.h>

#include "tool/core/log.h"
#include "tool/dbc/pool.h"
#include "tool/message/link.h"
#include "tool/service/setting.h"

/* What a service can be asked instead of to run. */
struct service_flags {
    bool subjects, healthcheck;
};

struct nats_settings {
    char url[512], user[64], password[256], tls_ca[256];
};

struct common_settings {
    char admin_listen[64], admin_file[256], log_level[8];
    int64_t drain_ms;
};

struct database_settings {
    char socket[108], host[256], user[81], password[256], schema[65], tls_ca[256];
    int64_t port, connections;
};

struct barrier_settings {
    int64_t retention_s;
};

#define OUTBOX_RELAY_BINLOG "binlog" /* the choice; any other is to poll */
struct outbox_settings {
    char relay[16];
    int64_t retention_s, replicas;
};

struct event_settings {
    int64_t workers, attempts;
};

struct saga_settings {
    int64_t workers, retention_s;
};

struct setting_group service_flag_group(struct service_flags *target);
struct setting_group nats_setting_group(struct nats_settings *target);
struct setting_group common_setting_group(struct common_settings *target);
struct setting_group database_setting_group(struct database_settings *target);
struct setting_group barrier_setting_group(struct barrier_settings *target);
struct setting_group outbox_setting_group(struct outbox_settings *target);
struct setting_group event_setting_group(struct event_settings *target);
struct setting_group saga_setting_group(struct saga_settings *target);

enum log_level common_log_level(const struct common_settings *settings);
/** The settings as link_create wants them, for a caller who names its loop and metrics; name as in
 * struct link_config. Borrows. */
struct link_config nats_config(const struct nats_settings *settings, const char *name);
/** The settings as dbc_pool_create wants them; borrows. */
struct dbc_config database_config(const struct database_settings *settings,
                                  struct metrics *metrics);

#endif
