/* address_file.c - see address_file.h. */
#include "tool/service/address_file.h"

#include <stdio.h>
#include <string.h>

void address_of(const char *listen, int port, char *address, size_t size)
{
    const char *colon = strrchr(listen, ':');

    snprintf(address, size, "%.*s:%d", colon ? (int)(colon - listen) : 0, listen, port);
}

bool address_file_write(const char *file, const char *address)
{
    char beside[320];
    FILE *out;
    bool ok;

    snprintf(beside, sizeof(beside), "%s.new", file);
    out = fopen(beside, "we");
    if (!out)
        return false;
    ok = fprintf(out, "%s\n", address) >= 0;
    return fclose(out) == 0 && ok && rename(beside, file) == 0;
}
