// follow.js - what changes at the server, told as it changes: server-sent events by fetch, which can send Authorization, and lists asked
// for again and again. A connection that is lost is looked for until it is there; a page that nobody sees asks for nothing.
import {anotherBearer, bearerNow, Problem} from '/js/ask.js';
import {pause} from '/js/dom.js';

const SILENCE_MS = 45000; // the gateway says something every 15 s
const POLL_MS = 3000;
const BACK_OFF_MS = [500, 1000, 2000, 4000, 8000];

// The events of a stream's text as it comes: read(text) gives those that are whole, as {event, id, data}.
export function eventReader() {
    let rest = '';
    return text => {
        const blocks = (rest + text).split('\n\n');
        rest = blocks.pop();
        return blocks.map(block => {
            const event = {data: ''};
            for (const [, name, value] of block.matchAll(/^([^:\n]+): ?(.*)$/gm))
                event[name] = name === 'data' && event.data ? `${event.data}\n${value}` : value;
            return event;
        }).filter(event => event.data);
    };
}

// What goes wrong in who is told has nothing to do with the connection.
function tell(told, value) {
    try {
        told(value);
    } catch (error) {
        reportError(error);
    }
}

function passes(problem, missing) {
    return !(problem instanceof Problem) || problem.isOpen || problem.status === 503 || missing && problem.status === 404;
}

// Calls act(signal, alive) again and again until signal is aborted; act answers how long to rest, and calls alive() when it hears
// something. missing: that it is not there yet may pass. hidden: also of a page that nobody sees.
async function repeat(act, {signal, line = () => {}, missing = false, hidden = false}) {
    const isAway = () => document.hidden && !hidden;
    let failures = 0;
    while (!signal.aborted) {
        if (isAway()) {
            await pause(3600000, {signal, on: [document, 'visibilitychange']});
            continue;
        }
        const stop = new AbortController();
        const end = () => stop.abort();
        const hide = () => isAway() && end();
        let timer, restMs;
        const alive = () => {
            clearTimeout(timer);
            timer = setTimeout(end, SILENCE_MS);
        };
        signal.addEventListener('abort', end);
        document.addEventListener('visibilitychange', hide);
        try {
            alive();
            restMs = await act(stop.signal, () => { alive(); failures = 0; line('live'); });
        } catch (problem) {
            if (!passes(problem, missing) && !signal.aborted)
                throw problem;
            if (!isAway() && !signal.aborted)
                line('lost');
            restMs = problem.retryAfterS * 1000 || BACK_OFF_MS[Math.min(failures++, BACK_OFF_MS.length - 1)];
        } finally {
            clearTimeout(timer);
            signal.removeEventListener('abort', end);
            document.removeEventListener('visibilitychange', hide);
        }
        await pause(restMs, {signal, on: [window, 'online']});
    }
}

// One thing: told(value) of each state of it. line('live' or 'lost') says how it goes. What does not pass by itself is thrown, and ends it.
export function follow(path, {told, ...options}) {
    let last = null, renewed = null;
    return repeat(async (signal, alive) => {
        const bearer = await bearerNow();
        const headers = {Accept: 'text/event-stream, application/json', ...bearer && {Authorization: 'Bearer ' + bearer}};
        const reply = await fetch(path, {signal, headers: {...headers, ...last && {'Last-Event-ID': last}}});
        if (reply.status === 401 && bearer && bearer !== renewed) {
            renewed = await anotherBearer(bearer);
            return 0;
        }
        if (!reply.ok)
            throw new Problem(reply.status, await reply.json().catch(() => ({})), reply.headers.get('Retry-After'));
        alive();
        if (!reply.headers.get('Content-Type').startsWith('text/event-stream')) {
            tell(told, await reply.json());
            return POLL_MS;
        }
        const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
        const read = eventReader();
        for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
            alive();
            for (const event of read(piece.value).filter(one => one.event !== 'problem')) {
                last = event.id ?? last;
                tell(told, JSON.parse(event.data));
            }
        }
        return BACK_OFF_MS[0];
    }, options);
}

// What load(signal) gives, every few seconds, and at once when nudge() of what is answered is called.
export function poll(load, {told, signal, ...options}) {
    const nudges = new EventTarget();
    const done = repeat(async (stop, alive) => {
        const value = await load(stop);
        alive();
        tell(told, value);
        await pause(POLL_MS, {signal: stop, on: [nudges, 'nudge']});
        return 0;
    }, {signal, ...options});
    return {done, nudge: () => nudges.dispatchEvent(new Event('nudge'))};
}
