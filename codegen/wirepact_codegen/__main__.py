"""`python -m wirepact_codegen`: the commands of the generator without the rest of the house."""

import click

from wirepact_codegen.cli import generate, lint

main = click.Group(
    "wirepact_codegen", commands=[generate, lint], help="Reads AsyncAPI documents and writes code."
)

if __name__ == "__main__":
    main(prog_name="python -m wirepact_codegen")
