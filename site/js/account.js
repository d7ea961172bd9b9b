// account.js - logging in, signing up, and who one is.
import {ask, get, keyMaker, login, logout, Problem, who} from '/js/ask.js';
import {pause} from '/js/dom.js';
import {actButton, makeForm} from '/js/form.js';
import {go, say} from '/js/page.js';
import {facts, link, p, row} from '/js/parts.js';
import {t} from '/js/texts.js';

const WAIT_S = 10;
const PENDING_MS = 1000;
const LOGIN_ID = {name: 'loginId', autocomplete: 'username', autocapitalize: 'none', spellcheck: 'false'};
const PERSON = [
    {name: 'name', autocomplete: 'name'},
    {name: 'email', type: 'email', autocomplete: 'email'},
    {name: 'phone', type: 'tel', autocomplete: 'tel'},
];

function password(autocomplete) {
    return {name: 'password', type: 'password', autocomplete};
}

// A login that is told to wait a moment for its signup waits.
async function loginOnceReady(loginId, password, signal) {
    for (;;) {
        try {
            return await login(loginId, password);
        } catch (problem) {
            if (problem.code !== 'signup_pending')
                throw problem;
            await pause(problem.retryAfterS * 1000 || PENDING_MS, {signal});
            signal.throwIfAborted();
        }
    }
}

export function loginView(view) {
    const {form} = makeForm({
        fields: [LOGIN_ID, password('current-password')],
        submit: t('login'),
        act: given => loginOnceReady(given.loginId.trim(), given.password, view.signal),
    });
    form.setAttribute('aria-label', t('login'));
    view.show(t('login'), p('soft', t('login.why')), form, p('', t('login.new'), ' ', link('', 'signup', t('signup'))));
}

export function signupView(view) {
    if (who())
        return go('');
    const keyOf = keyMaker(); // where the answer was lost, the login id is not somebody else's
    const {form} = makeForm({
        fields: [LOGIN_ID, password('new-password'), ...PERSON],
        submit: t('signup'),
        async act(given) {
            const loginId = given.loginId.trim();
            const body = {...given, loginId};
            const {data} = await ask('POST', '/signup', {body, key: keyOf(body), wait: WAIT_S, signal: view.signal});
            await signedUp(data, view.signal);
            await loginOnceReady(loginId, given.password, view.signal);
            say(t('signup.done'));
        },
    });
    form.setAttribute('aria-label', t('signup'));
    view.show(t('signup'), form, p('', t('signup.old'), ' ', link('', 'account', t('login'))));
}

// Until the saga has come to its end.
async function signedUp({sagaId, status}, signal) {
    while (status !== 'ACTIVE') {
        const saga = await get(`/signups/${sagaId}`, signal);
        if (saga.state === 'SUCCEEDED')
            return;
        if (saga.state === 'COMPENSATED')
            throw new Problem(409, {code: saga.reason ?? 'signup_compensated'});
        await pause(PENDING_MS, {signal});
        signal.throwIfAborted();
    }
}

export async function accountView(view) {
    const profile = {...await get(`/users/${who().userId}`, view.signal), loginId: who().loginId};
    const leave = async () => {
        await logout();
        say(t('logout.done'));
        go('');
    };
    view.show(t('account'), facts('card', ...['loginId', 'name', 'email', 'phone'].map(name => [t(`field.${name}`), profile[name]])),
        row(actButton(t('logout'), {}, leave)));
}
