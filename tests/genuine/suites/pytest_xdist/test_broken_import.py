"""Cannot be collected."""

import no_such_module_anywhere


def test_never_collected():
    assert no_such_module_anywhere
