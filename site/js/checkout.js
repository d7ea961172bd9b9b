// checkout.js - ordering what is in the basket: once, whatever is clicked, reloaded or lost on the way.
import {get, once, Problem, unanswered, who} from '/js/ask.js';
import {basket, emptyBasket} from '/js/basket.js';
import {el} from '/js/dom.js';
import {makeForm} from '/js/form.js';
import {go, say} from '/js/page.js';
import {between, link, p, price, span} from '/js/parts.js';
import {renewBasket, totalRow} from '/js/shops.js';
import {t, times} from '/js/texts.js';

const WAIT_S = 10;
const ORDER = 'order';
// Of the provider that `make up` starts to try payments with; a real one hands out such a token for a card.
export const METHODS = ['tok_ok', 'tok_slow_3s', 'tok_declined'];

// An address may be typed in two lines; it is kept in one.
function orderOf(given) {
    const {storeId, lines} = basket();
    const address = given.address.trim().replace(/\s*\n\s*/g, ' ');
    return {storeId, lines: lines.map(({productId, quantity, price}) => ({productId, quantity, unitPrice: price})),
        deliverTo: {name: given.name, phone: given.phone, address}, payment: {method: given.method}};
}

function summary(lines) {
    const item = line => el('li', {'data-key': line.productId},
        between(span('', `${line.name} × ${line.quantity}`), price(times(line.price, line.quantity))), line.note && p('notice', line.note));
    return el('section', {class: 'card', 'aria-label': t('basket')},
        el('ul', {class: 'list'}, lines.map(item)), totalRow(lines), link('', 'basket', t('basket.change')));
}

// Sends it, or goes on with what was sent before a reload, and leads to the order.
async function place(view, body, said) {
    const trying = problem => said(t(problem.status ? 'order.busy' : 'order.lost'));
    const {data} = await once(ORDER, '/orders', body, {wait: WAIT_S, signal: view.signal, trying});
    emptyBasket();
    say(t(data.status === 'AWAITING_PAYMENT' ? 'order.deferred' : 'order.placed'));
    go(`orders/${data.orderId}`);
}

export async function checkoutView(view) {
    const before = unanswered(ORDER);
    const saying = el('p', {class: 'notice', role: 'status'});
    const said = text => { saying.textContent = text; };
    if (before) {
        said(t('order.resumed'));
        view.show(t('checkout'), saying);
        try {
            return await place(view, before.body, said);
        } catch (problem) {
            if (!(problem instanceof Problem) || problem.status === 401)
                throw problem;
            return orderForm(view, problem);
        }
    }
    return basket().lines.length ? orderForm(view, null) : go('basket');
}

// What is there now, where it was refused for that.
async function renew(view, problem, show) {
    if (!['sold_out', 'price_changed', 'product_gone', 'currency_mismatch'].includes(problem.code))
        return;
    await renewBasket(view.signal);
    show();
}

// refusal: of what was sent before, null = nothing was.
async function orderForm(view, refusal) {
    const known = await get(`/users/${who().userId}`, view.signal).catch(() => ({}));
    const saying = el('p', {class: 'notice', role: 'status', hidden: true});
    const said = text => {
        saying.textContent = text;
        saying.hidden = !text;
    };
    const show = () => view.show(t('checkout'), summary(basket().lines), made.form);
    const made = makeForm({
        fields: [
            {name: 'name', autocomplete: 'name', value: known.name},
            {name: 'phone', type: 'tel', autocomplete: 'tel', value: known.phone},
            {name: 'address', autocomplete: 'street-address', rows: 2},
            {name: 'method', choices: METHODS},
        ],
        submit: t('order.now'), inside: saying,
        async act(given) {
            try {
                await place(view, orderOf(given), said);
            } catch (problem) {
                await renew(view, problem, show);
                throw problem;
            } finally {
                said('');
            }
        },
    });
    show();
    if (refusal) {
        made.refused(refusal);
        await renew(view, refusal, show);
    }
}
