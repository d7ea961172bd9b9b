// verify.mjs FILE - checks an access token as somebody else's service would: by the keys at a URL, with jose.
// FILE: {"url", "token", "issuer", "audience"}. Prints the claims; a complaint, and 1, when it is not believed.
import fs from 'node:fs';
import {createRemoteJWKSet, jwtVerify} from 'jose';

const asked = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
const expected = {issuer: asked.issuer, audience: asked.audience, algorithms: ['EdDSA'], typ: 'JWT'};

try {
    const {payload} = await jwtVerify(asked.token, createRemoteJWKSet(new URL(asked.url)), expected);
    console.log(JSON.stringify(payload));
} catch (error) {
    console.log(`${error.code}: ${error.message}`);
    process.exit(1);
}
