"""Options that several commands share."""

from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]
OnAws = Annotated[
    bool, typer.Option("--aws", help="Look at the AWS account of your credentials instead of the local platform.")
]
