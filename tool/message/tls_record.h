/* tls_record.h - libnats waits, inside of its call and without end, for the rest of a TLS record
 * that has begun: so it is only called when a record is there as a whole. */
#ifndef TOOL_MESSAGE_TLS_RECORD_H
#define TOOL_MESSAGE_TLS_RECORD_H

#include <stdbool.h>

/** Whether a record, or the connection's end, waits to be read from fd, which was found readable.
 * False: fd will be readable when the rest is there. low_water is fd's own, 1 at first: how many
 * bytes make it readable. */
bool tls_record_is_whole(int fd, int *low_water);

#endif
