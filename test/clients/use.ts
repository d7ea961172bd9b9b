// use.ts URL LOGIN_ID PASSWORD - a front end in small: it compiles where the types made of /openapi.json know what is
// answered, and prints what was, a line each.
import createClient from 'openapi-fetch';
import type {paths} from './schema.js';

declare const process: {argv: string[]};
const [baseUrl = '', loginId = '', password = ''] = process.argv.slice(2);
const {GET, POST} = createClient<paths>({baseUrl});

const refused = await POST('/login', {body: {loginId, password: password + '?'}});
switch (refused.error?.code) {
case 'invalid_credentials':
    console.log('refused', refused.response.status);
    break;
// @ts-expect-error: not one of its codes
case 'no_such_code':
    break;
}

// @ts-expect-error: a body without its password
const wrong = await POST('/login', {body: {loginId}});
if (wrong.error?.code === 'invalid_request')
    console.log('wrong', wrong.error.errors?.map(one => one.field).join());

const granted = await POST('/login', {body: {loginId, password}});
if (!granted.data)
    throw new Error(granted.error.code);
const {userId, accessToken} = granted.data;
const read = (Authorization: string) => GET('/users/{userId}', {params: {path: {userId}}, headers: {Authorization}});
const {data: profile} = await read(`Bearer ${accessToken}`);
console.log('name', typeof profile === 'object' ? profile.name : profile); // a text is a stream of events
const stranger = await read('Bearer nonsense');
if (stranger.error?.code === 'invalid_token')
    console.log('stranger', stranger.response.status);
