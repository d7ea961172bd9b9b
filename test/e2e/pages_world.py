"""A shop, its owner, a courier and a customer before the pages in a browser, for tests of these."""
import contextlib

import browser
import tap
from pages_fake import Fake
from screen import Screen

REFUSED = "Failed to load resource"  # chromium says so of every 4xx and 5xx, and of what got no answer


class World:
    def __init__(self, b):
        self.fake = Fake()
        self.screen = Screen(b, self.fake.origin)
        self.customer, self.owner, self.courier = self.fake.person("seoyeon"), self.fake.person("jiwoo"), self.fake.person("doyun", "courier")
        self.store = self.fake.store("남구 골목 분식", self.owner)
        self.closed = self.fake.store("춘천시 면의 정석", self.fake.person("other"), is_open=False)
        self.rice = self.fake.product(self.store, "떡볶이", 6500)
        self.rolls = self.fake.product(self.store, "참치 김밥", 4500, available=3)
        self.gone = self.fake.product(self.store, "어묵탕", 8000, available=0)

    def order(self, **more):
        return self.fake.order(self.customer, self.store, {self.rice: 2, self.rolls: 1}, **more)

    def as_customer(self, path="account", **like):
        self.screen.open("/#/" + path, **like)
        self.screen.login("seoyeon")

    def as_owner(self, **like):
        self.screen.open(f"/shop/#/stores/{self.store}", **like)
        self.screen.login("jiwoo")

    def as_courier(self, **like):
        self.screen.open("/courier/", **like)
        self.screen.login("doyun")

    def with_basket(self, path="checkout"):
        """A customer who has one of something in his basket."""
        self.as_customer()
        self.screen.sees("내 정보")
        self.screen.run(f"location.hash = '#/shops/{self.store}'")
        self.screen.click("떡볶이 담기")
        self.screen.sees("₩6,500", where=".bar")
        self.screen.run(f"location.hash = '#/{path}'")

    def fill_address(self):
        self.screen.fill("받을 주소", "부산 해운대구 달맞이길 62번길 7")


def run_cases():
    """The process's exit code."""
    if why := browser.missing():
        print(f"1..1\nok 1 - pages in a browser # SKIP {why}")
        return 0
    with contextlib.closing(browser.Browser()) as b:
        return tap.run(World(b))
