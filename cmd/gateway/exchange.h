/* exchange.h - one HTTP request on its way: matched, checked, sent, answered. It ends exactly once:
 * by an answer, or by its client leaving. Shaped as http_server_config wants them; gateway is a
 * struct gateway. */
#ifndef CMD_GATEWAY_EXCHANGE_H
#define CMD_GATEWAY_EXCHANGE_H

#include "tool/http/http_server.h"

/** A whole request of the server's. */
void exchange_begin(void *gateway, struct http_request *http);
/** A request the server refuses by itself. */
void exchange_refuse(void *gateway, struct http_request *http, const struct problem *problem);
/** Its client is gone. */
void exchange_abandon(void *gateway, struct http_request *http);

#endif
