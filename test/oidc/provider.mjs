// provider.mjs PORT - an OpenID provider that is not ours, on 127.0.0.1: access tokens as JWTs by RS256, ES256 and EdDSA
// (the last part of the resource asked for), with keys that are new at each start. For tests only; all in memory.
import {generateKeyPairSync, randomUUID} from 'node:crypto';
import {Provider} from 'oidc-provider';

const port = Number(process.argv[2]);
const pairs = {
    RS256: generateKeyPairSync('rsa', {modulusLength: 2048}),
    ES256: generateKeyPairSync('ec', {namedCurve: 'P-256'}),
    EdDSA: generateKeyPairSync('ed25519'),
};
const keys = Object.entries(pairs).map(([alg, pair]) => ({...pair.privateKey.export({format: 'jwk'}), alg, use: 'sig', kid: randomUUID()}));
const machine = id => ({client_id: id, client_secret: 's3cret-for-tests-only', grant_types: ['client_credentials'], redirect_uris: [],
                        response_types: [], scope: 'users:read'});

const provider = new Provider(`http://127.0.0.1:${port}`, {
    jwks: {keys},
    clients: ['machine', 'boss', 'many', 'forgotten-machine'].map(machine),
    scopes: ['users:read'],
    enabledJWA: {idTokenSigningAlgValues: ['RS256', 'ES256', 'EdDSA']},
    extraTokenClaims: (ctx, token) => ({groups: [token.clientId]}),
    features: {
        clientCredentials: {enabled: true},
        devInteractions: {enabled: false},
        resourceIndicators: {
            enabled: true,
            getResourceServerInfo: (ctx, resource) => ({scope: 'users:read', audience: resource.includes('elsewhere') ? 'elsewhere' : 'hanok',
                                                        accessTokenFormat: 'jwt', accessTokenTTL: 600,
                                                        jwt: {sign: {alg: resource.split(':').pop()}}}),
        },
    },
});
provider.listen(port, '127.0.0.1', () => console.log('listening'));
