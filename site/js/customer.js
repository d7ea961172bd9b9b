// customer.js - the page of who orders.
import {accountView, loginView, signupView} from '/js/account.js';
import {unanswered, who} from '/js/ask.js';
import {pieces} from '/js/basket.js';
import {checkoutView} from '/js/checkout.js';
import {orderView, ordersView} from '/js/orders.js';
import {frameChanged, go, start} from '/js/page.js';
import {basketView, menuView, shopsView} from '/js/shops.js';
import {addTexts, t} from '/js/texts.js';
import {CUSTOMER} from '/js/texts-customer.js';

addTexts(CUSTOMER);

const nav = () => [
    {path: '', text: t('shops')},
    {path: 'orders', text: t('orders')},
    {path: 'basket', text: pieces() ? t('basket.n', {n: pieces()}) : t('basket')},
    who() ? {path: 'account', text: t('account')} : {path: 'account', text: t('login')},
];

start({name: 'customer', nav, home: ['shops/'], login: loginView, routes: [
    {path: '', view: shopsView},
    {path: 'shops/:storeId', view: menuView},
    {path: 'basket', view: basketView},
    {path: 'checkout', view: checkoutView, login: true},
    {path: 'orders', view: ordersView, login: true},
    {path: 'orders/:orderId', view: orderView, login: true},
    {path: 'account', view: accountView, login: true},
    {path: 'signup', view: signupView},
]});
window.addEventListener('basket', frameChanged);

// An order that was sent and not answered before a reload, or a login.
function goOn() {
    if (who() && unanswered('order') && location.hash !== '#/checkout')
        go('checkout');
}
window.addEventListener('session', goOn);
goOn();
