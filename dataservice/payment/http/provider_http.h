/* provider_http.h - a payment provider that is asked over HTTP: POST URL/v1/operations and GET
 * URL/v1/operations/{key}, as hanok-pgsim answers them. Connections are kept. */
#ifndef DATASERVICE_PAYMENT_HTTP_PROVIDER_HTTP_H
#define DATASERVICE_PAYMENT_HTTP_PROVIDER_HTTP_H

#include "dataservice/payment/provider.h"

struct breakers;
struct metrics;

enum { PROVIDER_URL_MAX = 255 };

struct provider_http_config {
    const char *url; /* "http://127.0.0.1:8090", "https://pay.example.org/api": no slash at the end;
                        at most PROVIDER_URL_MAX bytes */
    const char *ca; /* PEM file of the CAs an https provider is known by; NULL, "" = the system's */
    int timeout_ms; /* of one question; a call's deadline may be earlier */
    struct breakers *breakers; /* the one called "HOST:PORT" of the URL is the provider's */
    struct metrics *metrics; /* hanok_payment_provider_seconds, hanok_payment_provider_calls_total;
                                NULL = not counted */
};

/** Everything but the texts is borrowed. */
struct payment_provider *provider_http_create(const struct provider_http_config *config);
/** The check of a setting (char[]): why it will not do as url; NULL = it will. */
const char *provider_http_url_check(const void *text);

#endif
