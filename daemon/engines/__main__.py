"""The entry point of the engine child: `python -m daemon.engines ROLE THREADS`."""

import sys

from daemon.engines.host import main

main(sys.argv[1:])
