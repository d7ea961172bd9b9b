/* document.c - see document.h. */
#include "cmd/gateway/document.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

void document_init(struct document *document, char *text, size_t len)
{
    uint8_t digest[DIGEST_LEN];
    char b64[DIGEST_B64_LEN + 1];

    digest_sha256(text, len, digest);
    *document = (struct document){.text = text, .len = len};
    snprintf(document->etag, sizeof(document->etag), "\"%s\"",
             digest_b64url(digest, sizeof(digest), b64, sizeof(b64)));
}

void document_fini(struct document *document)
{
    free(document->text);
}
