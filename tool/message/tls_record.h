/* tls_record.h - libnats waits, inside of its call and without end, for the rest of a TLS record
 * that has begun: so it is only called when a record is there as a whole. */
#ifndef TOOL_MESSAGE_TLS_RECORD_H
#define TOOL_MESSAGE_TLS_RECORD_H

enum tls_sight {
    TLS_CLEAR, /* what waits in the socket is not TLS */
    TLS_PART,  /* half a record; the socket will be readable when the rest is there */
    TLS_WHOLE, /* a record, or the connection's end */
};

/** Looks at what waits to be read from fd, which was found readable. low_water is fd's own, 1 at
 * first: how many bytes make it readable. */
enum tls_sight tls_record_look(int fd, int *low_water);

#endif
