// drive.mjs BROWSER - a browser that is told what to do by lines of JSON, [word, argument], each answered by a line: {"done": value}
// or {"failed": text}. What its page said and asked for is kept until it is to be forgotten.
import {readFileSync, writeFileSync} from 'node:fs';
import readline from 'node:readline';
import {chromium} from 'playwright-core';

const PATIENCE_MS = 60000;
const browser = await chromium.launch({
    executablePath: process.argv[2],
    args: ['--disable-gpu', '--disable-quic', '--no-proxy-server', '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1'],
});
let context, page, devtools, seen, person = {};

async function listen() {
    page.on('console', message => seen.messages.push(message.text()));
    page.on('pageerror', error => seen.messages.push(String(error)));
    devtools = await context.newCDPSession(page);
    await devtools.send('Network.enable');
    const learn = (event, what) => devtools.on(event, told => Object.assign(seen.asked[told.requestId] ??= {}, what(told)));
    learn('Network.requestWillBeSent', ({request: {method, url}}) => ({method, url}));
    // The status as it was sent: of a 304 the page is told 200. It may be told before the request is.
    learn('Network.responseReceivedExtraInfo', ({statusCode}) => ({status: statusCode}));
    learn('Network.loadingFinished', ({encodedDataLength}) => ({bytes: encodedDataLength}));
    learn('Network.loadingFailed', ({blockedReason, errorText}) => ({failed: blockedReason ?? errorText}));
}

const words = {
    // Like somebody who was never here. The status.
    async open(url) {
        await context?.close();
        context = await browser.newContext(person);
        page = await context.newPage();
        await words.forget();
        await listen();
        return words.go(url);
    },
    async go(url) {
        return (await page.goto(url, {timeout: PATIENCE_MS, waitUntil: 'load'})).status();
    },
    // What the expression, or its promise, comes to. Not by page.evaluate, which a strict policy would stop.
    async run(expression) {
        const {result, exceptionDetails: wrong} =
            await devtools.send('Runtime.evaluate', {expression, awaitPromise: true, returnByValue: true, allowUnsafeEvalBlockedByCSP: false});
        if (wrong)
            throw new Error(wrong.exception?.description ?? wrong.text);
        return result.value;
    },
    // What those who open something from now on are like: {locale, colorScheme, viewport ...} of playwright's contexts.
    async like(options) {
        person = options;
    },
    async press(key) {
        await page.keyboard.press(key);
    },
    async type(text) {
        await page.keyboard.insertText(text);
    },
    // So many clicks of a mouse at a place, [x, y, times].
    async click([x, y, times]) {
        await page.mouse.click(x, y, {clickCount: times});
    },
    // The second half of a double click, wherever the first was.
    async rest([x, y]) {
        await page.mouse.move(x, y);
        await page.mouse.down({clickCount: 2});
        await page.mouse.up({clickCount: 2});
    },
    async offline(is) {
        await context.setOffline(is);
    },
    async reload() {
        await page.reload({timeout: PATIENCE_MS});
    },
    // What axe finds wrong: [rule, how bad, where]. In a world of its own, which the page's policy does not reach.
    async audit() {
        const {frameTree} = await devtools.send('Page.getFrameTree');
        const {executionContextId: contextId} = await devtools.send('Page.createIsolatedWorld', {frameId: frameTree.frame.id});
        await devtools.send('Runtime.evaluate', {contextId, expression: readFileSync('node_modules/axe-core/axe.min.js', 'utf8')});
        const {result, exceptionDetails: wrong} = await devtools.send('Runtime.evaluate', {contextId, awaitPromise: true, returnByValue: true,
            expression: `axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})
                .then(({violations}) => violations.map(({id, impact, nodes}) => [id, impact, nodes.map(node => node.html + ' ' + node.failureSummary).join('; ')]))`});
        if (wrong)
            throw new Error(wrong.exception?.description ?? wrong.text);
        return result.value;
    },
    // The whole page into a file.
    async shoot(path) {
        const {data} = await devtools.send('Page.captureScreenshot', {captureBeyondViewport: true});
        writeFileSync(path, data, 'base64');
    },
    // [messages of the console, what was asked for]; statuses come a little later than answers.
    async seen() {
        return [seen.messages, Object.values(seen.asked)];
    },
    async forget() {
        seen = {messages: [], asked: {}};
    },
};

for await (const line of readline.createInterface({input: process.stdin})) {
    const [word, argument] = JSON.parse(line);
    const late = new Promise((_, fail) => setTimeout(fail, PATIENCE_MS, new Error('it takes too long')).unref());
    const said = await Promise.race([words[word](argument), late]).then(done => ({done: done ?? null}), error => ({failed: String(error)}));
    console.log(JSON.stringify(said));
}
await browser.close();
