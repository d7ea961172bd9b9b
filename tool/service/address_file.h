/* address_file.h - where a listener is, for who has to find it: a file of one line, host:port. */
#ifndef TOOL_SERVICE_ADDRESS_FILE_H
#define TOOL_SERVICE_ADDRESS_FILE_H

#include <stdbool.h>
#include <stddef.h>

/** listen ("127.0.0.1:0", "[::1]:8080") with the port that it came to. */
void address_of(const char *listen, int port, char *address, size_t size);
/** Written beside and renamed: who reads the file sees a whole address or none. False, errno. */
bool address_file_write(const char *file, const char *address);

#endif
