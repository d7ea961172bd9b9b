/* fetch_transfer.c - see fetch_transfer.h. */
#include "tool/fetch/fetch_transfer.h"

#include <stdio.h>
#include <string.h>

struct receiving {
    struct fetch_transfer *transfer;
    size_t max;
};

static size_t take(char *data, size_t size, size_t n, void *arg)
{
    struct receiving *receiving = arg;
    struct fetch_transfer *t = receiving->transfer;

    n *= size;
    if (n > receiving->max - t->len)
        return 0; /* libcurl gives up */
    memcpy(t->body + t->len, data, n);
    t->len += n;
    return n;
}

/* On a connection that turns out to have ended libcurl asks once more on a new one, by itself:
 * whether the last try got anywhere says nothing of the first. This is called before each. */
static int is_about_to_ask(void *arg, char *peer, char *own, int peer_port, int own_port)
{
    struct fetch_transfer *t = arg;

    (void)peer;
    (void)own;
    (void)peer_port;
    (void)own_port;
    t->asked = true;
    return CURL_PREREQFUNC_OK;
}

static int is_stopped(void *arg, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    const atomic_bool *stop = arg;

    (void)a;
    (void)b;
    (void)c;
    (void)d;
    return stop && atomic_load(stop);
}

#define SET(option, value) library->curl_easy_setopt(curl, (option), (value))

static void set_rule(const struct fetch_library *library, CURL *curl, const struct fetch_rule *rule)
{
    SET(CURLOPT_PROTOCOLS_STR, rule->plain ? "http" : "https");
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_TIMEOUT_MS, rule->timeout_ms);
    if (rule->connect_ms > 0)
        SET(CURLOPT_CONNECTTIMEOUT_MS, rule->connect_ms);
    SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    SET(CURLOPT_USERAGENT, "hanok");
    SET(CURLOPT_NOPROGRESS, 0L);
    SET(CURLOPT_XFERINFOFUNCTION, is_stopped);
    SET(CURLOPT_XFERINFODATA, (void *)rule->stop);
    if (rule->plain)
        SET(CURLOPT_PROXY, "");
    if (rule->ca && rule->ca[0]) {
        SET(CURLOPT_CAINFO, rule->ca);
        SET(CURLOPT_CAPATH, (char *)NULL);
    }
}

static struct curl_slist *set_question(const struct fetch_library *library, CURL *curl,
                                       const struct fetch_question *question)
{
    struct curl_slist *fields = NULL;

    for (const char *const *f = question->fields; f && *f; f++)
        fields = library->curl_slist_append(fields, *f);
    SET(CURLOPT_URL, question->url);
    SET(CURLOPT_HTTPHEADER, fields);
    if (question->body) {
        SET(CURLOPT_POST, 1L);
        SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)question->len);
        SET(CURLOPT_POSTFIELDS, question->body);
    }
    return fields;
}

bool fetch_transfer(const struct fetch_library *library, CURL *curl,
                    const struct fetch_question *question, const struct fetch_rule *rule,
                    struct fetch_transfer *transfer, char why[FETCH_WHY_MAX + 1])
{
    struct receiving receiving = {.transfer = transfer, .max = rule->size_max};
    struct curl_slist *fields;
    CURLcode code;

    why[0] = '\0';
    set_rule(library, curl, rule);
    fields = set_question(library, curl, question);
    SET(CURLOPT_WRITEFUNCTION, take);
    SET(CURLOPT_WRITEDATA, &receiving);
    SET(CURLOPT_PREREQDATA, transfer);
    if (SET(CURLOPT_PREREQFUNCTION, is_about_to_ask) != CURLE_OK)
        transfer->asked = true; /* a libcurl that does not tell */
    code = library->curl_easy_perform(curl);
    library->curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &transfer->status);
    library->curl_easy_reset(curl); /* nothing of this call is kept but its connection */
    library->curl_slist_free_all(fields);
    if (code == CURLE_WRITE_ERROR)
        snprintf(why, FETCH_WHY_MAX + 1, "more than %zu bytes are answered", rule->size_max);
    else if (code != CURLE_OK)
        snprintf(why, FETCH_WHY_MAX + 1, "%s", library->curl_easy_strerror(code));
    return code == CURLE_OK;
}
