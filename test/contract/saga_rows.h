/* saga_rows.h - what the suites of saga stores share. */
#ifndef TEST_CONTRACT_SAGA_ROWS_H
#define TEST_CONTRACT_SAGA_ROWS_H

#include "test/contract/contract.h"

enum { LONG_MS = 3600 * 1000 };

/** A signup that has started; not stored. */
struct saga_record saga_row_new(void);
/** One that is, leased for lease_ms. */
struct saga_record saga_row_stored(struct contract *contract, int64_t lease_ms);
struct saga_record saga_row_found(struct contract *contract, struct uuid id);
void saga_row_end(struct contract *contract, struct saga_record *record);
/** True when a claim gave this one; ends whatever else it gave. */
bool saga_row_claimed(struct contract *contract, struct uuid id, int64_t lease_ms,
                      struct saga_record *out);
/** The same, again and again for as long as it may take to come due. */
bool saga_row_claimed_in_time(struct contract *contract, struct uuid id, int64_t lease_ms,
                              struct saga_record *out);

#endif
