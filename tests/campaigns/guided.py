"""One target, with inputs made by atheris: started by `tests.campaigns.garbage --guided`."""

import sys

if __name__ == "__main__":
    import atheris

    with atheris.instrument_imports(include=["corpus_tools"]):
        from tests.campaigns.garbage import main

    sys.exit(main())
