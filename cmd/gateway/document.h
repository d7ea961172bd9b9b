/* document.h - a document that the gateway makes of what it knows, with the ETag by which clients
 * know that it is still the same. */
#ifndef CMD_GATEWAY_DOCUMENT_H
#define CMD_GATEWAY_DOCUMENT_H

#include <stddef.h>

#include "tool/crypto/digest.h"

struct document {
    char *text;
    size_t len;
    char etag[DIGEST_ETAG_LEN + 1]; /* in quotes: the digest of the text */
};

/** Takes over the text, which is heap. */
void document_init(struct document *document, char *text, size_t len);
void document_fini(struct document *document);

#endif
