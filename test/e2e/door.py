"""From a shop's counter to the customer's door, for tests: tickets, jobs and what the customer sees of both."""
from shop import ADDRESS, Shop
from tap import equal, eventually

WAY = ("RECEIVED", "ACCEPTED", "COOKING", "READY", "PICKED_UP")  # of a ticket


class Door(Shop):
    """A shop whose tickets are looked at and whose orders are carried."""

    # ---- the counter

    def counter(self, order):
        return f"/stores/{self.store_id}/tickets/{order['orderId']}"

    def do(self, order, what, body=None, who=None):
        """The reply to what a shop does with a ticket, as its owner."""
        return self.stack.request("POST", f"{self.counter(order)}/{what}", body, who or self.as_owner)

    def ticket(self, order, status=None):
        """It, once it is there, and in that state."""
        def look():
            reply = self.stack.request("GET", self.counter(order), headers=self.as_owner)
            return reply.status == 200 and status in (None, reply.json()["status"]) and reply.json()
        return eventually(look, 60, f"the ticket of {order['orderId']} is not {status or 'there'}")

    def arrived(self, who, *products, **more):
        """An order that was confirmed, once its ticket is at the counter."""
        order = self.confirmed(who, *products, **more)
        self.ticket(order)
        return order

    def goes_on(self, order, *steps):
        """The ticket, after each of accept, cook and ready is done."""
        for step in steps:
            reply = self.do(order, step, {"minutes": 20} if step == "accept" else None)
            equal((reply.status, reply.json().get("status")), (200, {"accept": "ACCEPTED", "cook": "COOKING", "ready": "READY"}[step]), repr(reply))
        return self.ticket(order)

    def open(self, is_open):
        reply = self.stack.request("PUT", f"/stores/{self.store_id}/opening", {"open": is_open}, self.as_owner)
        equal((reply.status, reply.json()["open"]), (200, is_open), repr(reply))

    # ---- the way

    def carry(self, who, order, what):
        """The reply to start, pickup or complete."""
        return self.stack.request("POST", f"/deliveries/{order['orderId']}/{what}", None, who)

    def job(self, who, order, *statuses):
        """As that person sees it, once it is in one of these states."""
        def look():
            reply = self.stack.request("GET", "/deliveries/" + order["orderId"], headers=who)
            return reply.status == 200 and (not statuses or reply.json()["status"] in statuses) and reply
        return eventually(look, 60, f"the delivery of {order['orderId']} is not {statuses or 'there'}")

    def carried(self, courier, order, *steps):
        """Each step is done as soon as it can be: what the shop has said may still be on its way."""
        for step in steps or ("start", "pickup", "complete"):
            def done(step=step):
                reply = self.carry(courier, order, step)
                assert reply.status in (200, 404, 409), reply
                return reply.status == 200 and reply
            last = eventually(done, 60, f"{step} of {order['orderId']} is not possible")
        return last.json()

    def delivered(self, who, courier, *products, **more):
        """An order that went all the way."""
        order = self.arrived(who, *products, **more)
        self.goes_on(order, "accept", "cook", "ready")
        self.carried(courier, order)
        return self.ended(who, order, "COMPLETED")


def tells_where(reply):
    """Whether an answer names the customer, or where he lives."""
    return any(text in reply.body.decode() for text in ADDRESS.values())
