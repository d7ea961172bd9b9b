/* document.c - see document.h. */
#include "cmd/gateway/document.h"

#include <stdlib.h>

void document_init(struct document *document, char *text, size_t len)
{
    *document = (struct document){.text = text, .len = len};
    digest_etag(text, len, document->etag);
}

void document_fini(struct document *document)
{
    free(document->text);
}
