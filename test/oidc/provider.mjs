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
// A page, or an app: no secret, so code with PKCE.
const page = {client_id: 'page', application_type: 'native', token_endpoint_auth_method: 'none', grant_types: ['authorization_code'],
              redirect_uris: ['http://127.0.0.1:9/back'], response_types: ['code'], scope: 'openid users:read'};

const provider = new Provider(`http://127.0.0.1:${port}`, {
    jwks: {keys},
    clients: [...['machine', 'boss', 'many', 'forgotten-machine'].map(machine), page],
    scopes: ['openid', 'users:read'],
    enabledJWA: {idTokenSigningAlgValues: ['RS256', 'ES256', 'EdDSA']},
    extraTokenClaims: (ctx, token) => ({groups: [token.clientId]}),
    features: {
        clientCredentials: {enabled: true},
        devInteractions: {enabled: true}, // forms by which anybody logs in as whom he likes
        resourceIndicators: {
            enabled: true,
            getResourceServerInfo: (ctx, resource) => ({scope: 'users:read', audience: resource.includes('elsewhere') ? 'elsewhere' : 'hanok',
                                                        accessTokenFormat: 'jwt', accessTokenTTL: 600,
                                                        jwt: {sign: {alg: resource.split(':').pop()}}}),
        },
    },
});
provider.listen(port, '127.0.0.1', () => console.log('listening'));
