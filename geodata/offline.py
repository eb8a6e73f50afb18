"""Keeps the libraries of maps off the network: what a file names is no reason to call another host.

Set in the environment, so that processes which we start have it too. `pilot-wards fetch` has a client of its
own.
"""

import os

_NOWHERE = "http://127.0.0.1:1"
"""A proxy at a port where none listens, which is asked for no name of a host either."""

OFFLINE = {
    # Of /vsicurl/, /vsis3/ and their relatives.
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "{none}",
    "CPL_CURL_ENABLE_VSIMEM": "NO",
    "GDAL_HTTP_PROXY": _NOWHERE,
    "GDAL_HTTPS_PROXY": _NOWHERE,
    "GDAL_HTTP_CONNECTTIMEOUT": "1",
    "GDAL_HTTP_TIMEOUT": "1",
    "GDAL_HTTP_MAX_RETRY": "0",
    # Hosts that machines of a cloud ask for their credentials.
    "CPL_AWS_CHECK_HYPERVISOR_UUID": "NO",
    "CPL_AWS_AUTODETECT_EC2": "NO",
    "CPL_GCE_SKIP": "YES",
    "CPL_MACHINE_IS_GCE": "NO",
    "AWS_NO_SIGN_REQUEST": "YES",
    "AZURE_NO_SIGN_REQUEST": "YES",
    "GS_NO_SIGN_REQUEST": "YES",
    "GML_DOWNLOAD_SCHEMA": "NO",
    "PROJ_NETWORK": "OFF",
}

os.environ.update(OFFLINE)
