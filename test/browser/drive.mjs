// drive.mjs BROWSER - a browser that is told what to do by lines of JSON, [word, argument], each answered by a line: {"done": value}
// or {"failed": text}. What its page said and asked for is kept until it is to be forgotten.
import readline from 'node:readline';
import {chromium} from 'playwright-core';

const PATIENCE_MS = 60000;
const browser = await chromium.launch({
    executablePath: process.argv[2],
    args: ['--disable-gpu', '--disable-quic', '--no-proxy-server', '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1'],
});
let context, page, devtools, seen;

async function listen() {
    page.on('console', message => seen.messages.push(message.text()));
    page.on('pageerror', error => seen.messages.push(String(error)));
    devtools = await context.newCDPSession(page);
    await devtools.send('Network.enable');
    const learn = (event, what) => devtools.on(event, told => Object.assign(seen.asked[told.requestId] ??= {}, what(told)));
    learn('Network.requestWillBeSent', ({request: {method, url}}) => ({method, url}));
    // The status as it was sent: of a 304 the page is told 200. It may be told before the request is.
    learn('Network.responseReceivedExtraInfo', ({statusCode}) => ({status: statusCode}));
    learn('Network.loadingFailed', ({blockedReason, errorText}) => ({failed: blockedReason ?? errorText}));
}

const words = {
    // Like somebody who was never here. The status.
    async open(url) {
        await context?.close();
        context = await browser.newContext();
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
