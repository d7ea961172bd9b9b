"""A page in a browser as people use it: by the names of what they see, with a mouse or with the keyboard alone."""
import json

from tap import equal, eventually

# All that can be acted on and is seen; of a dialog that is open only what is in it.
NAMED = """(() => {
    const within = document.querySelector('dialog[open]') ?? document;
    const nameOf = one => (one.getAttribute('aria-label') ?? (one.labels?.length ? one.labels[0].textContent : one.textContent)).trim();
    return [...within.querySelectorAll('a, button, input, select, textarea, summary')].filter(one => one.getClientRects().length)
        .map(one => [nameOf(one), one]);
})()"""


class Screen:
    def __init__(self, browser, origin):
        self.browser, self.origin = browser, origin

    def open(self, path="/", **like):
        """As somebody who was never here. like: of playwright's contexts."""
        self.browser.tell("like", {"locale": "ko-KR", "viewport": {"width": 390, "height": 844}, **like})
        equal(self.browser.open(self.origin + path), 200)

    def run(self, expression):
        return self.browser.run(expression)

    def text(self, where="main"):
        return self.run(f"document.querySelector({json.dumps(where)})?.innerText ?? ''")

    def sees(self, *texts, where="body"):
        for text in texts:
            try:
                eventually(lambda text=text: text in self.text(where), seconds=60)
            except AssertionError:
                raise AssertionError(f"{text!r} is not seen in:\n{self.text(where)}") from None

    def sees_no(self, text, where="main"):
        eventually(lambda: text not in self.text(where), why=f"{text!r} is still seen")

    def names(self):
        return self.run(f"{NAMED}.map(([name]) => name)")

    def place(self, name):
        """[x, y] of its middle, scrolled to; waits until it is there, and stays where it is while the page is drawn twice."""
        eventually(lambda: name in self.names(), why=f"{name!r} is not there")
        return eventually(lambda: self.run(f"""(async () => {{
            const drawn = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
            const one = {NAMED}.find(([name]) => name === {json.dumps(name)})?.[1];
            one?.scrollIntoView({{block: 'center'}});
            const at = one?.getBoundingClientRect();
            await drawn();
            const now = one?.getBoundingClientRect();
            return one?.isConnected && at.x === now.x && at.y === now.y && [at.x + at.width / 2, at.y + at.height / 2];
        }})()"""), why=f"{name!r} does not stay where it is")

    def click(self, name, times=1):
        self.browser.tell("click", [*self.place(name), times])

    def click_rest(self, name):
        """The second half of a double click, which meets it."""
        self.browser.tell("rest", self.place(name))

    def fill(self, name, text):
        self.place(name)
        self.run(f"(([, one]) => {{ one.focus(); one.select?.(); }})({NAMED}.find(([name]) => name === {json.dumps(name)}))")
        self.browser.tell("type", text)

    def press(self, key):
        self.browser.tell("press", key)

    def focused(self):
        """The name of what the keyboard is at."""
        return self.run(f"{NAMED}.find(([, one]) => one === document.activeElement)?.[0] ?? document.activeElement.tagName")

    def tab_to(self, name):
        """By the Tab key alone."""
        eventually(lambda: name in self.names(), why=f"{name!r} is not there")
        for _ in range(100):
            if self.focused() == name:
                return
            self.press("Tab")
        raise AssertionError(f"Tab does not lead to {name!r}")

    def key(self, name, key="Enter"):
        self.tab_to(name)
        self.press(key)

    def login(self, login_id, password="lantern-tide-quartz-47"):
        self.fill("아이디", login_id)
        self.fill("비밀번호", password)
        self.press("Enter")

    def is_clean(self, *expected):
        """Nothing was said in the console but what is expected, and nobody else was asked."""
        messages, asked = self.browser.seen()
        equal([one for one in messages if not any(text in one for text in expected)], [])
        equal([one for one in asked if not one.url.startswith((self.origin + "/", "data:"))], [])

    def barriers(self, what):
        """What axe finds wrong, a text each."""
        return [f"{what}: " + " ".join(map(str, one)) for one in self.browser.tell("audit")]
