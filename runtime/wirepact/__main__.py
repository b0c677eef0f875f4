"""`python -m wirepact` is the `wirepact` command."""

from wirepact.cli import main

main(prog_name="wirepact")
