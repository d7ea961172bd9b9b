/* port.h - the HTTP port: whose it is, and from when on clients are let in. Loop thread. */
#ifndef CMD_GATEWAY_PORT_H
#define CMD_GATEWAY_PORT_H

#include "tool/core/loop_timer.h"

struct gateway;

struct port {
    bool open;
    int64_t open_by_ms; /* whatever is missing */
    struct loop_timer look;
};

/** Makes gw->server. A port that others serve too, or that a service manager has passed, is opened
 * once requests can be answered, five seconds later at the latest; others at once. False after a
 * log line that says why not. */
bool port_open(struct gateway *gw);
/** Closes it, and frees gw->server. */
void port_close(struct gateway *gw);

#endif
