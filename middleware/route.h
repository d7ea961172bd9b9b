/* route.h - which method and path goes to which subject: rows of a file, matched on the raw target,
 * so that nothing odd ever gets past an edge that sees an encoded byte differently. */
#ifndef MIDDLEWARE_ROUTE_H
#define MIDDLEWARE_ROUTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "middleware/cors.h"
#include "middleware/location.h"
#include "middleware/rate_class.h"
#include "middleware/route_header.h"
#include "middleware/word_list.h"
#include "tool/core/call.h"
#include "tool/encoder/operation.h"

enum {
    ROUTES_MAX = 256,
    ROUTE_METHOD_MAX = 7,
    ROUTE_PATH_MAX = 127,
    ROUTE_SUBJECT_MAX = 63,
    ROUTE_SEGMENTS_MAX = 8,
    ROUTE_PARAMS_MAX = 4,
    ROUTE_DECODED_MAX = 511, /* of a whole path; a longer one is of no route */
    ROUTE_ALLOW_MAX = 63,
    ROUTE_WHY_MAX = 511,
    ROUTE_PARTS_MAX = 6,
    ROUTE_PART_NAME_MAX = 31,
    ROUTE_BODY_MAX = 262144, /* bytes: as base64, and with all else, still a message */
    ROUTE_HEAD_MAX = 65536,
};

/* What is asked at once by a route that gathers, each answered under its name. */
struct route_parts {
    size_t n; /* 0 = the route has a subject of its own */
    struct route_part {
        char name[ROUTE_PART_NAME_MAX + 1];
        char subject[ROUTE_SUBJECT_MAX + 1];
        const struct operation *op; /* as of a route */
        size_t after; /* 1, 2 ...: the part with whose answer it is asked; 0 = at once */
    } rows[ROUTE_PARTS_MAX];
};

/* Who may keep an answer. */
enum cache_who {
    CACHE_BY_VERSION, /* nothing said: the client, of a GET that has an ETag, else nobody */
    CACHE_NOBODY,
    CACHE_ONE,     /* the client */
    CACHE_ANYBODY, /* caches in between too */
};

struct route_cache {
    enum cache_who who;
    int seconds; /* 0 = it is asked each time whether it is still the same */
};

/* So many at once are always let in, and never more than so many. */
struct route_range {
    int low, high;
};

/* A line of the same file that is named by a route. */
struct route_defined {
    char
        name[ROUTE_NAME_MAX + 1]; /* "" = nothing said: the one called "default", if there is one */
    unsigned at;                  /* counted from 1; 0 = none */
};

/* How large a request may be, in bytes; 0 = as all others. */
struct route_limits {
    int head_max, query_max, body_max;
};

enum { ROUTE_FALLBACK_MAX = 255 };

/* What answers when a service does not; both empty: nothing does. */
struct route_fallback {
    char json[ROUTE_FALLBACK_MAX + 1];
    char subject[ROUTE_SUBJECT_MAX + 1];
    const struct operation *op; /* as of a route */
};

enum { SITE_ROWS_MAX = 16, SITE_FOR_EVER_S = 31536000 };

/* "site NAME path=/app fallback=/app/index.html cache=...": how files under a path are served. */
struct site_row {
    char name[ROUTE_NAME_MAX + 1]; /* first */
    char path[ROUTE_PATH_MAX + 1];
    char fallback[ROUTE_PATH_MAX + 1]; /* a file's path; "" = none */
    struct route_cache cache;
};

/* One row. */
struct route {
    char method[ROUTE_METHOD_MAX + 1];
    unsigned line;                       /* of the file; 0 = built in */
    char path[ROUTE_PATH_MAX + 1];       /* template: "/users/{userId}" */
    char subject[ROUTE_SUBJECT_MAX + 1]; /* "-" = none: gathers */
    struct route_parts gather;
    struct location location;   /* filled in from the reply */
    const struct operation *op; /* NULL = no service of this source tree answers subject */
    int built_in;               /* index into the built-in paths, -1 = goes to subject */
    int status;                 /* of success */
    int timeout_ms;             /* beside what Prefer: wait adds */
    bool bearer;                /* auth=bearer, or fresh */
    bool fresh;                 /* auth=fresh */
    bool body;                  /* body=required */
    bool wait;                  /* forwards Prefer */
    bool idempotency;           /* forwards Idempotency-Key */
    bool etag;                  /* has versions: ETag, If-None-Match, If-Match */
    bool hedge;                 /* GET: asked once more when the answer is late */
    int retries;                /* at most, of what failed and may be asked twice */
    struct route_fallback fallback;
    char rate[RATE_NAME_MAX + 1]; /* the class its requests are counted by; "" = none */
    struct route_range in_flight;
    struct route_cache cache;
    struct route_limits limits;
    bool raw; /* raw=yes: the body's bytes as base64, in the member "body" */
    struct route_headers headers;
    struct route_defined cors;
    struct word_list roles;         /* the caller must have one of these; empty = need not */
    char words[ROUTE_PATH_MAX + 1]; /* of the path, a NUL behind each */
    size_t n_segments;
    struct route_segment {
        uint8_t at; /* in words: a literal, or the parameter's name */
        bool param;
    } segments[ROUTE_SEGMENTS_MAX];
};

/* What most requests are told apart by, so that few rows have to be looked at. */
struct route_key {
    uint32_t first; /* hash of the first segment; 0 = a parameter, or none */
    uint16_t n_segments;
    uint16_t route; /* index */
};

struct route_table {
    struct rate_classes rates; /* has those that routes name, and perhaps more */
    size_t n;
    bool limits[2]; /* some row says how large its requests may be: one for GET, another */
    size_t n_cors;
    struct cors cors[CORS_MAX];
    size_t n_sites;
    struct site_row sites[SITE_ROWS_MAX];
    struct route_key keys[ROUTES_MAX]; /* n, in the order in which they are tried */
    struct route routes[];             /* n, in the order of the file */
};

/** text: lines "METHOD /path subject key=value ..." and those of names, '#' starts a
 * comment; name stands for the file in *why. built_in: NULL-terminated paths answered by GET
 * without a message. NULL when a line is wrong: why names it and what would be right. To be freed
 * with free(). */
struct route_table *route_table_parse(const char *name, const char *text,
                                      const char *const *built_in, char why[ROUTE_WHY_MAX + 1]);
/** The same from a file. */
struct route_table *route_table_load(const char *file, const char *const *built_in,
                                     char why[ROUTE_WHY_MAX + 1]);

enum route_verdict { ROUTE_FOUND, ROUTE_BAD_PATH, ROUTE_NOT_FOUND, ROUTE_BAD_METHOD };

/* All there are. */
#define ROUTE_METHODS "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"

struct route_match {
    const struct route *route; /* with ROUTE_FOUND */
    size_t n_params;
    struct {
        const char *name;  /* in route */
        const char *value; /* decoded, in text */
    } params[ROUTE_PARAMS_MAX];
    size_t n_fields; /* 0; who has the request adds the headers that route forwards */
    struct {
        const char *member, *value; /* borrowed */
    } fields[ROUTE_HEADERS_MAX];
    char allow[ROUTE_ALLOW_MAX + 1]; /* with ROUTE_BAD_METHOD: "GET, HEAD" */
    char text[ROUTE_DECODED_MAX + 1];
};

/** Those of the row that answers such a request; all 0 where there is none. target: as in the
 * request line, with its query. */
struct route_limits route_limits_of(const struct route_table *table, const char *method,
                                    const char *target);
/** Whether call's caller has one of the roles of the row, or there are none. */
bool route_lets_in(const struct route *route, const struct call *call);
/** What pages of other origins may, by that route, NULL: where there is none; NULL = nothing. */
const struct cors *route_cors(const struct route_table *table, const struct route *route);
/** Whether asking its subject twice has the effect of once: its operation says so; of one that is
 * not known, the method. */
bool route_may_ask_twice(const struct route *route);
/** Whether it is asked once more, too, while the first answer is late. */
bool route_hedges(const struct route *route);

/** raw_path: as in the request line, without the query. HEAD is matched as GET. Of several rows
 * that fit, the one with a literal where the others have a parameter wins, from the left. */
enum route_verdict route_match(const struct route_table *table, const char *method,
                               const char *raw_path, struct route_match *match);

#endif
