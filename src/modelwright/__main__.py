"""``python -m modelwright``: the command line."""

from modelwright.cli import main

main()
