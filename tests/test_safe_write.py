"""Files that a user named: written as a whole, and where they are links, pipes or somebody's."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fictures_reports.errors import RenderError
from fictures_reports.safe_write import append, replacing, write

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links, modes and pipes")


def test_an_error_in_the_middle_leaves_the_old_file_and_nothing_else(tmp_path):
    target = tmp_path / "r.txt"
    target.write_text("old")

    def fail() -> None:
        with replacing(target) as part:
            part.write_text("half")
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        fail()
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_the_old_file_is_there_until_the_new_one_is_whole(tmp_path):
    target = tmp_path / "r.txt"
    target.write_text("old")
    with replacing(target) as part:
        part.write_text("new")
        assert target.read_text() == "old"
    assert target.read_text() == "new"


def test_a_link_stays_one(tmp_path):
    real, link = tmp_path / "deep" / "real.txt", tmp_path / "link.txt"
    real.parent.mkdir()
    link.symlink_to("deep/real.txt")  # leads nowhere yet
    write("a", link)
    write("b", link)
    assert link.is_symlink()
    assert real.read_text() == "b"
    assert list(real.parent.iterdir()) == [real]


def test_permissions_stay_and_new_files_have_those_of_any_other(tmp_path):
    old, new, plain = tmp_path / "old", tmp_path / "new", tmp_path / "plain"
    old.write_text("")
    old.chmod(0o640)
    write("a", old)
    write("b", new)
    plain.write_text("")
    assert old.stat().st_mode & 0o777 == 0o640
    assert new.stat().st_mode == plain.stat().st_mode


def test_a_pipe_is_written_to(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    code = "import sys; print(open(sys.argv[1]).read(), end='')"
    with subprocess.Popen([sys.executable, "-c", code, pipe], stdout=subprocess.PIPE) as reader:
        write("through", pipe)
        assert reader.communicate()[0] == b"through"
    assert pipe.is_fifo()
    assert list(tmp_path.iterdir()) == [pipe]


def test_standard_output_by_its_name_is_added_to_not_replaced(tmp_path):
    target = tmp_path / "log"
    target.write_text("before ")
    code = (
        "from pathlib import Path\nfrom fictures_reports.safe_write import append\n"
        "append('after', Path('/dev/stdout'))"
    )
    with target.open("a") as file:
        subprocess.run([sys.executable, "-c", code], check=True, stdout=file)
    assert target.read_text() == "before after"


def test_a_folder_in_the_place_of_a_file_is_named(tmp_path):
    with pytest.raises(RenderError, match="cannot be written: Is a directory"):
        write("a", tmp_path)


def test_a_file_in_the_place_of_a_folder_is_named(tmp_path):
    (tmp_path / "a").write_text("")
    with pytest.raises(RenderError, match="its folder's place is taken"):
        write("a", tmp_path / "a" / "b")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write to any file")
def test_a_file_that_is_read_only_is_not_replaced(tmp_path):
    target = tmp_path / "r.txt"
    target.write_text("old")
    target.chmod(0o444)
    with pytest.raises(RenderError, match="Permission denied"):
        write("new", target)
    assert target.read_text() == "old"


def test_what_cannot_be_added_to_the_end_is_not_added_in_part(tmp_path):
    target = tmp_path / "outputs"
    target.write_text("old\n")
    code = (
        "import resource, sys\nfrom pathlib import Path\n"
        "from fictures_reports.errors import RenderError\n"
        "from fictures_reports.safe_write import append\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try: append('x' * 2000, Path(sys.argv[1]))\n"
        "except RenderError as error: print(error)"
    )
    said = subprocess.run([sys.executable, "-c", code, target], check=True, capture_output=True)
    assert b"File too large" in said.stdout
    assert target.read_text() == "old\n"
    append("new\n", target)
    assert target.read_text() == "old\nnew\n"


def test_half_a_character_is_replaced(tmp_path):
    write("a\udcffb", tmp_path / "r.txt")
    assert Path(tmp_path / "r.txt").read_text() == "a?b"
