/* store_tables.h - what the store service keeps (schema hanok_store): stores, tickets, their lines.
 */
#ifndef DATASERVICE_STORE_STORE_TABLES_H
#define DATASERVICE_STORE_STORE_TABLES_H

#include "model/store.h"
#include "model/ticket.h"
#include "tool/store/invariant.h"
#include "tool/store/store.h"
#include "tool/store/tally.h"

/** Rows of struct store_row, of struct ticket (found by order_id), of struct ticket_line_row. */
extern const struct table STORE_TABLE, TICKET_TABLE, TICKET_LINE_TABLE;

/** What must be true of them, and of them with their events. */
extern const struct invariant STORE_INVARIANTS[];
/** "taken_orders": those that a store has accepted, and that are not canceled. */
extern const struct id_set STORE_ID_SETS[];
/** Tickets that are not at an end, by status. */
extern const struct tally STORE_TALLIES[];

#endif
