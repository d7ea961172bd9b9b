// ask.js - asking the gateway: JSON there and back, who is logged in, and what must happen once.
import {pause} from '/js/dom.js';

const ANSWER_MS = 40000; // more than the gateway ever takes: 10 s of Prefer: wait and its own time
const FRESH_MS = 600000; // so long something is sent again by itself: nobody wants on Tuesday what he has ordered on Sunday
const SPARE_MS = 30000;  // a token is changed so long before it ends
const app = location.pathname.split('/')[1] || 'customer'; // each has a login of its own: three tabs can be three people
const KEPT = `hanok.${app}.session`;

// What came instead of what was asked for: an answer of the gateway (RFC 9457), or with status 0 none at all.
export class Problem extends Error {
    constructor(status, body = {}, retryAfter = null) {
        super(body.detail ?? body.title ?? 'no answer');
        this.status = status;
        this.code = body.code ?? (status ? 'internal' : 'no_answer');
        this.errors = body.errors ?? [];
        this.retryAfterS = Number(retryAfter) || null;
    }

    // Whether nobody knows what has become of it: the same may be asked again, by the same key.
    get isOpen() {
        return [0, 408, 429, 500, 502, 504].includes(this.status) || this.code === 'in_progress' ||
            this.status === 503 && !this.code.endsWith('_compensated');
    }
}

// ---- who is logged in

let session = read();

function read() {
    return JSON.parse(localStorage.getItem(KEPT) ?? 'null');
}

function keep(tokens, loginId) {
    session = {...tokens, loginId, untilMs: Date.now() + tokens.expiresIn * 1000};
    localStorage.setItem(KEPT, JSON.stringify(session));
}

function end() {
    session = null;
    localStorage.removeItem(KEPT);
    window.dispatchEvent(new Event('session'));
}

window.addEventListener('storage', ({key}) => {
    if (key !== KEPT)
        return;
    const before = session?.userId;
    session = read();
    if (session?.userId !== before)
        window.dispatchEvent(new Event('session')); // somebody else in another tab, or nobody
});

// {userId, loginId}, or null.
export function who() {
    return session;
}

// What one was granted, of the token; the services decide by it, pages only explain.
export function hasRole(role) {
    const claims = JSON.parse(atob(session.accessToken.split('.')[1].replaceAll('-', '+').replaceAll('_', '/')));
    return [claims.roles ?? []].flat().join(' ').split(' ').includes(role);
}

export async function login(loginId, password) {
    keep((await send('POST', '/login', {body: {loginId, password}})).data, loginId);
    window.dispatchEvent(new Event('session'));
}

export async function logout() {
    const bearer = session?.accessToken;
    end();
    if (bearer)
        await send('POST', '/logout', {bearer}).catch(() => {}); // gone from here in any case
}

// A refresh token may be used once: one tab at a time, and who comes second has what the first got.
function alone(act) {
    return navigator.locks ? navigator.locks.request(KEPT, act) : act();
}

async function refreshed(stale) {
    return alone(async () => {
        session = read();
        if (session && session.accessToken === stale) {
            try {
                keep((await send('POST', '/refresh', {body: {refreshToken: session.refreshToken}})).data, session.loginId);
            } catch (problem) {
                if (problem.status === 401)
                    end();
                throw problem;
            }
        }
        if (!session)
            throw new Problem(401, {code: 'session_ended'});
        return session.accessToken;
    });
}

// The token to ask with; null when nobody is logged in.
export async function bearerNow() {
    if (session && session.untilMs - SPARE_MS < Date.now())
        return refreshed(session.accessToken);
    return session?.accessToken ?? null;
}

// Of a token that was answered 401: another one.
export async function anotherBearer(bearer) {
    return refreshed(bearer);
}

// ---- asking

async function send(method, path, {body, headers = {}, bearer, signal} = {}) {
    const late = AbortSignal.timeout(ANSWER_MS);
    const until = signal && AbortSignal.any ? AbortSignal.any([signal, late]) : signal ?? late;
    const given = {...headers, ...bearer && {Authorization: 'Bearer ' + bearer}, ...body && {'Content-Type': 'application/json'}};
    let reply, data;
    try {
        reply = await fetch(path, {method, headers: given, body: body && JSON.stringify(body), signal: until});
        const text = await reply.text();
        data = text && /json/.test(reply.headers.get('Content-Type')) ? JSON.parse(text) : null;
    } catch (error) {
        if (signal?.aborted)
            throw error;
        throw new Problem(0);
    }
    if (!reply.ok)
        throw new Problem(reply.status, data ?? {}, reply.headers.get('Retry-After'));
    return {status: reply.status, data, etag: reply.headers.get('ETag')};
}

// {status, data, etag}; throws Problem. wait: seconds that the answer may wait for the end of what it begins.
export async function ask(method, path, {body, wait, key, signal} = {}) {
    const headers = {...wait && {Prefer: `wait=${wait}`}, ...key && {'Idempotency-Key': key}};
    const bearer = await bearerNow();
    try {
        return await send(method, path, {body, headers, bearer, signal});
    } catch (problem) {
        if (problem.status !== 401 || !bearer)
            throw problem;
        return send(method, path, {body, headers, bearer: await anotherBearer(bearer), signal});
    }
}

export async function get(path, signal) {
    return (await ask('GET', path, {signal})).data;
}

export function query(path, members) {
    const given = Object.entries(members).filter(([, value]) => value !== undefined && value !== null);
    return given.length ? path + (path.includes('?') ? '&' : '?') + new URLSearchParams(given) : path;
}

// All pages of a list that is not long.
export async function all(path, signal) {
    const items = [];
    let cursor;
    do {
        const page = await get(query(path, {limit: 100, cursor}), signal);
        items.push(...page.items);
        cursor = page.nextCursor;
    } while (cursor);
    return items;
}

// ---- once

function newKey() {
    return [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, '0')).join('');
}

// A key for what somebody asks again by hand, where its body is nothing to be kept: another one once that is another.
export function keyMaker() {
    let key, last;
    return body => {
        const text = JSON.stringify(body);
        if (text !== last)
            [key, last] = [newKey(), text];
        return key;
    };
}

// Where it is kept what was sent under that name: of each person apart, as a tab may be used by one after the other.
function placeOf(name) {
    return `hanok.once.${session?.userId}.${name}`;
}

// What who is logged in has sent under that name and has no answer yet: {key, path, body, atMs}.
export function unanswered(name) {
    return JSON.parse(sessionStorage.getItem(placeOf(name)) ?? 'null');
}

// POSTs until it is answered, always by the same key, which outlives a reload: however often somebody clicks, it happens once.
// trying(problem) hears of each time that nothing is known. What was begun long ago, before a machine slept, is not sent any more: a Problem.
export async function once(name, path, body, {wait, signal, trying}) {
    const place = placeOf(name);
    const before = unanswered(name);
    const isSame = before?.path === path && JSON.stringify(before.body) === JSON.stringify(body);
    const sent = isSame ? before : {key: newKey(), path, body, atMs: Date.now()};
    sessionStorage.setItem(place, JSON.stringify(sent));
    for (let waitMs = 1000; ; waitMs = Math.min(waitMs * 2, 5000)) {
        if (Date.now() - sent.atMs > FRESH_MS) {
            sessionStorage.removeItem(place);
            throw new Problem(408, {code: 'sent_long_ago'});
        }
        try {
            const reply = await ask('POST', path, {body, wait, key: sent.key, signal});
            sessionStorage.removeItem(place);
            return reply;
        } catch (problem) {
            if (!(problem instanceof Problem) || problem.status === 401)
                throw problem; // left, or to be logged in: it goes on later
            if (!problem.isOpen) {
                sessionStorage.removeItem(place);
                throw problem;
            }
            trying?.(problem);
            await pause((problem.retryAfterS ?? 0) * 1000 || waitMs, {signal, on: [window, 'online']});
            signal?.throwIfAborted();
        }
    }
}
