// ticket.js - an order as its shop has it, and what the shop may do with it.
import {choose, el} from '/js/dom.js';
import {actButton} from '/js/form.js';
import {between, p, row, span} from '/js/parts.js';
import {t, time, word} from '/js/texts.js';

const MINUTES = [10, 15, 20, 30, 45, 60, 90];
const USUAL_MINUTES = 20;
const REASONS = ['too_busy', 'out_of_ingredients', 'closing'];
const LOOKS = {RECEIVED: 'warn', ACCEPTED: 'good', COOKING: 'good', READY: 'good', REJECTED: 'bad', CANCELED: 'bad'};

function minutesTo(text) {
    return Math.max(0, Math.ceil((new Date(text) - Date.now()) / 60000));
}

async function reject(act) {
    const reasons = REASONS.map(value => ({value, look: 'stop', text: t(`reason.${value}`)}));
    const reason = await choose(t('reject.title'), p('', t('reject.why')), ...reasons, {value: '', text: t('back')});
    if (reason)
        await act('reject', {reason});
}

function accept(ticket, act, button) {
    const id = `minutes-${ticket.orderId}`;
    const choices = MINUTES.map(n => el('option', {value: n, selected: n === USUAL_MINUTES}, t('minutes', {n})));
    return [el('label', {for: id}, t('takes')), el('select', {id, class: 'narrow'}, choices),
        button('accept', 'go', () => act('accept', {minutes: Number(document.getElementById(id).value)}))];
}

function actions(ticket, act) {
    const may = action => ticket.actions.includes(action);
    const button = (action, look, does) => {
        const label = t('do.of', {action: t(`do.${action}`), number: ticket.orderNum.slice(-6)});
        return may(action) && actButton(t(`do.${action}`), {class: look, 'data-key': action, 'aria-label': label}, does);
    };
    return row(
        may('accept') && accept(ticket, act, button), button('reject', 'stop', () => reject(act)),
        button('cook', 'go', () => act('cook')), button('ready', 'go', () => act('ready')),
        button('approve', 'stop', () => act('cancellation', {answer: 'APPROVE'})),
        button('refuse', '', () => act('cancellation', {answer: 'REFUSE'})));
}

// nameOf(productId); act(ticket, verb, body).
export function ticketCard(ticket, {nameOf, act}) {
    const number = ticket.orderNum.slice(-6);
    // One place for what is to be known of it: it is there when there is nothing, too.
    const note = ticket.cancelAsked ? t('cancel.asked', {time: ticket.answerBy ? time(ticket.answerBy) : '…'})
        : ticket.status === 'RECEIVED' && ticket.acceptBy ? t('accept.by', {time: time(ticket.acceptBy), n: minutesTo(ticket.acceptBy)})
        : ticket.reason ? word('reason', ticket.reason) : '';
    return el('li', {class: 'card', 'data-key': ticket.orderId},
        between(el('h3', {class: 'big', tabindex: '-1'}, number), span(`badge ${LOOKS[ticket.status] ?? ''}`, word('ticket', ticket.status))),
        p('soft small', t('ordered.at', {time: time(ticket.createdAt)}), ticket.minutes > 0 && ` · ${t('minutes', {n: ticket.minutes})}`),
        el('ul', {}, ticket.lines.map(line => el('li', {}, `${line.name ?? nameOf(line.productId)} × ${line.quantity}`))),
        p(ticket.cancelAsked ? 'note notice' : 'note', note),
        actions(ticket, (verb, body) => act(ticket, verb, body)));
}
