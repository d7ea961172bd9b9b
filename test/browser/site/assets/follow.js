// follow.js - EventSource by fetch, which can send Authorization: goes on, where it was, when a stream ends.
export async function follow(url, headers, told) {
    for (let last; ; await new Promise(done => setTimeout(done, 100))) {
        try {
            const more = last ? {'Last-Event-ID': last} : {};
            const reply = await fetch(url, {headers: {...headers, ...more, Accept: 'text/event-stream'}});
            let text = '';
            for await (const piece of reply.body.pipeThrough(new TextDecoderStream())) {
                const events = (text + piece).split('\n\n');
                text = events.pop();
                for (const event of events) {
                    const fields = Object.fromEntries(event.split('\n').map(line => line.split(/: (.*)/)));
                    last = fields.id ?? last;
                    if (fields.data)
                        told(fields);
                }
            }
        } catch {
            // the connection was lost: once more
        }
    }
}
