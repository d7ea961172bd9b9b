/* payinfos.h - what people read of payments. */
#ifndef USECASE_PAYMENT_PAYINFOS_H
#define USECASE_PAYMENT_PAYINFOS_H

#include "usecase/payment/payment_case.h"

/** in: struct payinfo_list_query, out: struct payinfo_page: those of one's own store that is asked
 * for, else one's own, of the role admin all; the newest first. ST_OK | ST_FORBIDDEN (another's
 * store) | ST_INVALID (the cursor) | ST_UNAVAILABLE */
enum status payinfo_list(void *self, const struct call *call, const void *in, void *out);
/** in: struct payinfo_query, out: struct payinfo, for whose order it is and whose store. ST_OK |
 * ST_NOT_FOUND (also when it is another's) | ST_UNAVAILABLE */
enum status payinfo_read(void *self, const struct call *call, const void *in, void *out);
/** For export: a row of PAYMENT_TABLE as struct payment_event. Pure. */
void payinfo_export(const void *row, void *data);

#endif
