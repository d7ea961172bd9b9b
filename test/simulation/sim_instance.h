/* sim_instance.h - one life of an instance of a service: its parts over memory, and its rows at
 * work. Private to the house. */
#ifndef TEST_SIMULATION_SIM_INSTANCE_H
#define TEST_SIMULATION_SIM_INSTANCE_H

#include "test/simulation/sim_house.h"

/** Becomes the slot's present one. */
void sim_instance_start(struct sim_service *service, struct sim_slot *slot);
void sim_instance_free(struct sim_instance *instance);
/** The row that serves op; fails the test when there is none. */
const struct endpoint *sim_instance_row(const struct service *rows, const struct operation *op);
/** Serves a question from the bus and answers it, unless it dies of it. */
void sim_instance_handle(struct sim_instance *instance, struct sim_message *message);
/** Runs the sagas that are due. */
void sim_instance_poll(struct sim_instance *instance);

/* Of the house. */
enum { SIM_DEPTH_MAX = 5 };
/** NULL: of a former life. */
struct sim_slot *sim_house_slot(struct sim_instance *instance);
/** Whether there is a living, running process in it now; the supervisor starts the next one. */
bool sim_house_serves(struct sim_slot *slot);
/* The fate of a call, and a saga that is inserted; arg: the instance. */
enum sim_fate sim_house_fate(void *arg, struct sim_process *process, const char *what);
void sim_house_tried(void *arg, struct uuid id);

#endif
