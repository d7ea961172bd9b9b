// form.js - forms that say what is wrong where it is wrong, and are sent once however often somebody clicks.
import {Problem} from '/js/ask.js';
import {el, isRest, show} from '/js/dom.js';
import {explain, say} from '/js/page.js';
import {has, t} from '/js/texts.js';

// Of what a button was about that is gone now: there the focus goes on, not at the next button, which a key that is held would press.
function headOf(key) {
    return key && document.querySelector(`li[data-key="${key}"] h3`) || document.querySelector('h1');
}

// A button that does one thing at a time, and nothing at the rest of a double click; a Problem that act throws is said.
export function actButton(text, attributes, act) {
    const onclick = async event => {
        if (isRest(event))
            return;
        const button = event.currentTarget, key = button.closest('li[data-key]')?.dataset.key;
        await busy(button, act, problem => say(explain(problem)));
        if (!button.isConnected && document.activeElement === document.body)
            headOf(key)?.focus(); // no head: the page was left
    };
    return el('button', {type: 'button', ...attributes, onclick}, text);
}

const atWork = new WeakSet();

// Not disabled, which would take the focus away: it does nothing. Who has left the page hears nothing of it any more.
async function busy(button, act, failed) {
    if (atWork.has(button))
        return;
    atWork.add(button);
    button.setAttribute('aria-disabled', 'true');
    try {
        await act();
    } catch (problem) {
        if (problem instanceof Problem)
            failed(problem);
        else if (problem.name !== 'AbortError')
            throw problem;
    } finally {
        atWork.delete(button);
        button.removeAttribute('aria-disabled');
    }
}

// {wrap, error} of one.
function fieldOf({name, type = 'text', choices, value = '', rows, ...attributes}) {
    const id = `field-${name}`;
    const hint = has(`hint.${name}`) && el('p', {class: 'soft small', id: `${id}-hint`}, t(`hint.${name}`));
    const error = el('p', {class: 'error', id: `${id}-error`, hidden: true});
    const described = `${hint ? hint.id + ' ' : ''}${error.id}`;
    if (choices) {
        const radios = choices.map((choice, i) =>
            el('label', {class: 'choice'}, el('input', {type: 'radio', name, value: choice, checked: i === 0}), t(`choice.${choice}`)));
        const legend = el('legend', {}, t(`field.${name}`));
        return {error, wrap: el('fieldset', {id, 'aria-describedby': described}, legend, hint, radios, error)};
    }
    const input = el(rows ? 'textarea' : 'input', {id, name, type: rows ? null : type, rows, 'aria-describedby': described, ...attributes});
    input.value = value;
    return {error, wrap: el('div', {class: 'field'}, el('label', {for: id}, t(`field.${name}`)), hint, input, error)};
}

// {form, refused}. fields: [{name, value, choices, type, autocomplete ...}], all of which are wanted; act(values) may throw a Problem, and
// refused(problem) says one: its fields where they are, the rest above the button. inside: what stands there too.
export function makeForm({fields, submit, act, inside}) {
    const trouble = el('p', {class: 'notice bad', role: 'alert', hidden: true});
    const button = el('button', {class: 'go', type: 'submit'}, submit);
    const form = el('form', {novalidate: true, onsubmit: event => { event.preventDefault(); send(); }});
    const made = new Map(fields.map(field => [field.name, fieldOf(field)]));

    function say(name, text) {
        const {error} = made.get(name);
        show(error, text ?? '');
        error.hidden = !text;
        const at = form.querySelector(`[name=${name}]`);
        if (text)
            at.setAttribute('aria-invalid', 'true');
        else
            at.removeAttribute('aria-invalid');
    }

    // wrong: {name of a field: what is wrong with it}.
    function complain(wrong, text) {
        for (const name of made.keys())
            say(name, wrong[name]);
        trouble.hidden = !text;
        show(trouble, text ?? '');
        const first = [...made.keys()].find(name => wrong[name]);
        if (first)
            form.querySelector(`[name=${first}]`).focus();
    }

    function refused(problem) {
        const wrong = {};
        for (const {field, reason} of problem.errors) {
            const name = field.split('.').pop();
            if (made.has(name))
                wrong[name] = has(`rule.${name}`) ? t(`rule.${name}`) : reason;
        }
        complain(wrong, Object.keys(wrong).length ? null : explain(problem));
    }

    function send() {
        return busy(button, async () => {
            const given = Object.fromEntries(new FormData(form));
            const empty = [...made.keys()].filter(name => !given[name]?.trim()).map(name => [name, t('empty')]);
            complain(Object.fromEntries(empty));
            if (!empty.length)
                await act(given);
        }, refused);
    }

    form.append(...[...made.values()].map(field => field.wrap), ...[inside].flat().filter(Boolean), trouble, button);
    return {form, refused};
}
