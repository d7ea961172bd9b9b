#!/usr/bin/env python3
"""use.py URL LOGIN_ID PASSWORD - the same as use.ts, by the Python client hanok_client."""
import sys

from hanok_client import AuthenticatedClient, Client
from hanok_client.api.auth import auth_login
from hanok_client.api.user import user_get
from hanok_client.models import LoginRequest


def main(url, login_id, password):
    client = Client(base_url=url)
    refused = auth_login.sync_detailed(client=client, body=LoginRequest(login_id=login_id, password=password + "?"))
    print(refused.parsed.code.value, refused.status_code.value)
    granted = auth_login.sync(client=client, body=LoginRequest(login_id=login_id, password=password))
    for token in (granted.access_token, "nonsense"):
        read = user_get.sync(granted.user_id, client=AuthenticatedClient(base_url=url, token=token))
        print(read.name if token != "nonsense" else read.code.value)


if __name__ == "__main__":
    main(*sys.argv[1:])
