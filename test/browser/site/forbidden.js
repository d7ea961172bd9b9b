// forbidden.js - all that an attacker would like to. attempts(origin): what came of each.
const here = document.getElementById('here');

function added(name, properties) {
    return new Promise(done => {
        const element = Object.assign(document.createElement(name), properties, {onload: () => done('loaded'), onerror: () => done('stopped')});
        document.body.append(element);
    });
}

async function attempt(act) {
    try {
        return await act() ?? 'done';
    } catch (error) {
        return error.name;
    }
}

window.attempts = async origin => ({
    html: await attempt(() => { here.innerHTML = '<b>b</b>'; }),
    write: await attempt(() => { document.write('<b>b</b>'); }),
    eval: await attempt(() => { eval('window.ran = "eval"'); }),
    policy: await attempt(() => { window.trustedTypes.createPolicy('own', {createHTML: text => text}); }),
    handler: await attempt(() => { here.click(); }),
    image: await attempt(() => added('img', {src: origin + '/image'})),
    script: await attempt(() => added('script', {src: origin + '/script'})),
    asked: await attempt(() => fetch(origin + '/asked')),
    sent: await attempt(() => { navigator.sendBeacon(origin + '/sent', 'x'); }),
    base: await attempt(() => {
        document.head.append(Object.assign(document.createElement('base'), {href: origin}));
        return document.baseURI.startsWith(origin) ? 'done' : 'stopped';
    }),
});
