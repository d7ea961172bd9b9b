/* sim_events.h - what instances say is relayed to the stream, what they hear comes from there, and
 * a person looks after dead letters. Private to the house. */
#ifndef TEST_SIMULATION_SIM_EVENTS_H
#define TEST_SIMULATION_SIM_EVENTS_H

#include "test/simulation/sim_house.h"

/** Relays and consumers of a service that is new in the house, whose instances have started. */
void sim_events_add(struct sim_service *service);
/** The relay and the hearer of an instance, as its service's rows say. */
void sim_events_start(struct sim_instance *instance);
void sim_events_stop(struct sim_instance *instance);
/** arg: an instance, which may have to relay soon. */
void sim_events_said(void *arg);
/** Nothing is pending, lost, unread, dead or parked. */
bool sim_events_done(struct sim_house *house);
/** Every event comes once more, to anybody. */
void sim_events_stragglers(struct sim_house *house);
/** Of this type and id: a handler cannot take it now. */
bool sim_events_is_poisoned(const struct sim_house *house, struct uuid id);

#endif
