"""`python -m verify` is the command line `ntk-verify`."""

from verify.cli import main

if __name__ == "__main__":
    main()
