#!/usr/bin/python3
"""verify.py FILE - checks an access token as somebody else's service would: by the keys at a URL, with PyJWT.

FILE: {"url", "token", "issuer", "audience"}. Prints the claims; a complaint, and 1, when it is not believed.
"""
import json
import sys

import jwt

with open(sys.argv[1]) as f:
    asked = json.load(f)
try:
    key = jwt.PyJWKClient(asked["url"]).get_signing_key_from_jwt(asked["token"])
    print(json.dumps(jwt.decode(asked["token"], key.key, algorithms=["EdDSA"], issuer=asked["issuer"],
                                audience=asked["audience"], options={"require": ["exp", "iat", "sub", "jti"]})))
except jwt.exceptions.PyJWTError as error:
    print(f"{type(error).__name__}: {error}")
    sys.exit(1)
