/* sim_desk.h - three services that are alike: each books once for a saga, and undoes that. */
#ifndef TEST_SIMULATION_SIM_DESK_H
#define TEST_SIMULATION_SIM_DESK_H

#include "test/simulation/sim_trip.h"

struct desk_request {
    struct uuid saga_id;
    bool sold_out; /* it has nothing left for this one */
};

struct desk_reply {
    int64_t stamp; /* of a booking: the desk's number, from 1 */
};

/* "hotel.book" and "hotel.cancel": desk_request -> desk_reply; 409 sold_out */
extern const struct operation HOTEL_BOOK, HOTEL_CANCEL, FLIGHT_BOOK, FLIGHT_CANCEL, CAR_BOOK,
    CAR_CANCEL;
extern const struct operation *const DESK_BOOK[SIM_DESKS], *const DESK_CANCEL[SIM_DESKS];
extern const struct service HOTEL_DESK, FLIGHT_DESK, CAR_DESK;

/** Whether something is booked there for the saga. */
bool desk_has(struct sim_service *desk, struct uuid saga_id);

#endif
