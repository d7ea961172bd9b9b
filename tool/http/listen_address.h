/* listen_address.h - "host:port" or "[v6]:port", as settings have it. Pure functions on strings. */
#ifndef TOOL_HTTP_LISTEN_ADDRESS_H
#define TOOL_HTTP_LISTEN_ADDRESS_H

#include <stdbool.h>

enum { LISTEN_HOST_MAX = 255, LISTEN_PORT_MAX = 5 };

/** False: not such a text, or the port is above 65535. host comes without brackets. */
bool listen_address_split(const char *text, char host[LISTEN_HOST_MAX + 1],
                          char port[LISTEN_PORT_MAX + 1]);
/** The check of a setting (char[]): why it will not do, static; NULL = it will. */
const char *listen_address_check(const void *text);

#endif
