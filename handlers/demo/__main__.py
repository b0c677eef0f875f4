"""`python -m handlers.demo`: see `command`."""

from handlers.demo.command import main

main()
