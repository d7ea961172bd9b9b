/* connector.h - a thread that connects when asked to, and tries until it has. */
#ifndef TOOL_MESSAGE_CONNECTOR_H
#define TOOL_MESSAGE_CONNECTOR_H

#include "tool/core/loop_task.h"
#include "tool/message/connection.h"

struct connector;

/** arrived is posted to the loop for each connection, once connector_take has one to give. wanted
 * and arg: see struct connection; refusals: connection_open. Copies config's strings. */
struct connector *connector_create(const struct link_config *config, struct loop_task *arrived,
                                   loop_fn wanted, void *arg, struct refusals *refusals);
/** One connection, please. */
void connector_ask(struct connector *self);
struct connection *connector_take(struct connector *self);
/** Ends the thread; a connection attempt is waited out. Returns what nobody has taken, or NULL. */
struct connection *connector_destroy(struct connector *self);

#endif
