/* certificates.c - see certificates.h. */
#include "test/support/certificates.h"

#include <stdio.h>
#include <stdlib.h>

bool certificates_make(const char *folder, const char *ca, int days)
{
    char command[1024];

    snprintf(
        command, sizeof(command),
        "cd %s && {"
        " openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
        " -subj /CN=%s -keyout %s.key -out %s.pem &&"
        " openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=127.0.0.1"
        " -keyout %s-server.key -out %s-server.csr &&"
        " printf 'subjectAltName=IP:127.0.0.1,DNS:127.0.0.1' >san &&"
        " openssl x509 -req -in %s-server.csr -CA %s.pem -CAkey %s.key -CAcreateserial -days %d"
        " -extfile san -out %s-server.pem; } >openssl.log 2>&1",
        folder, ca, ca, ca, ca, ca, ca, ca, ca, days, ca);
    return system(command) == 0;
}
