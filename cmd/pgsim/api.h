/* api.h - what can be asked over HTTP, as rows. Loop thread. */
#ifndef CMD_PGSIM_API_H
#define CMD_PGSIM_API_H

struct http_request;
struct problem;

/** As http_server wants them; arg is the struct pgsim. */
void api_handle(void *arg, struct http_request *http);
void api_refuse(void *arg, struct http_request *http, const struct problem *problem);
void api_gone(void *arg, struct http_request *http);

#endif
