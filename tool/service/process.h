/* process.h - everything a running service is made of; built and taken apart in one place. */
#ifndef TOOL_SERVICE_PROCESS_H
#define TOOL_SERVICE_PROCESS_H

#include "tool/core/loop_task.h"
#include "tool/saga/saga_engine.h"
#include "tool/service/admin.h"
#include "tool/service/admin_rows.h"
#include "tool/service/common_setting.h"
#include "tool/service/doctor.h"
#include "tool/service/endpoints.h"
#include "tool/service/hears.h"
#include "tool/service/maintenance.h"
#include "tool/service/relaying.h"
#include "tool/service/sweeps.h"

enum { NATS_WHY_MAX = 320 };

struct process {
    const struct service *service;
    void *self; /* the service's own struct */

    struct service_flags flags;
    struct nats_settings nats;
    struct common_settings common;
    struct database_settings database;
    struct barrier_settings barrier;
    struct saga_settings saga;
    struct outbox_settings outbox;
    struct event_settings event;

    struct doctor doctor;
    struct admin_rows operators; /* what it answers to them */
    struct service_run run;
    struct cursor_key cursors;
    int64_t started_us;
    struct pools pools;
    struct saga_store *store;
    struct transactor *saga_steps;
    struct lease *lease;
    struct maintenance *maintenance;
    struct service_jobs job_rows;
    struct jobs *jobs; /* of the service; NULL = it has none */
    struct endpoints *endpoints;
    struct link_config link;
    struct relaying *relaying; /* NULL = it says nothing */
    struct hears *hears;       /* NULL = it hears nothing */
    struct admin *admin;
    bool draining;
    char nats_why[NATS_WHY_MAX + 1], database_why[DBC_WHY_MAX + 1]; /* as readiness last said it */
    bool failed; /* it cannot go on: the process ends with 1 */
    struct loop_task failing;
};

/** Loads the settings into self and process. */
enum setting_verdict process_load(struct process *process, const struct service *service, int argc,
                                  char **argv);
/** Builds and starts all; false after a log line that says why not. */
bool process_start(struct process *process);
/** What it needs to serve, and whether that is there; arg is the process. */
void process_ready(void *arg, struct readiness *out);
/** Takes apart what was built. The loop does not run; nothing is in hand. */
void process_stop(struct process *process);
/** Ends what process_load began. */
void process_unload(struct process *process);

/* process_events.c, for process_start */

/** Before the service's start(): what that wires says events. */
void process_prepare_relaying(struct process *process);
/** Likewise: who replays dead letters may be an endpoint of the service. */
void process_prepare_hearing(struct process *process);
/** After it. */
void process_start_hearing(struct process *process);

#endif
