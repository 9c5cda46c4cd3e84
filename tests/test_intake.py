"""Files that are given: each lies whole in the folder under a name of its own, and never anywhere else."""

from __future__ import annotations

import errno
import io
import os
import time
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import readers
from index.encoder import Encoder
from index.errors import SettingError
from index.intake import clean_name, take
from index.store import Store
from index.sync import sync

names = st.text(st.characters(codec=None), max_size=300) | st.text("./\\~$ :xж\u202e\u0301", max_size=60)
suffixes = st.sampled_from([s + packed for s in readers.suffixes() for packed in ("", ".gz")])


def given_file(name: str, content: bytes, library: Path):
    return take(name, io.BytesIO(content), library)


def lying_in(library: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in library.iterdir()}


@given(names)
def test_a_clean_name_is_one_visible_name_that_every_file_system_keeps(name):
    clean = clean_name(name)
    assert (
        clean and not set(clean) & set('/\\<>:"|?*') and all(unicodedata.category(c) not in ("Cc", "Cs") for c in clean)
    )
    assert not clean.startswith((".", "~$")) and not clean.endswith((" ", ".")) and clean not in ("", ".", "..")
    assert len(clean.encode()) <= 200 and unicodedata.is_normalized("NFC", clean)
    assert clean_name(clean) == clean


@given(names.filter(lambda n: not n.endswith(("/", "\\"))), suffixes)
def test_a_clean_name_keeps_the_suffix_by_which_the_file_is_read(name, suffix):
    clean = clean_name(name + suffix)
    assert clean.endswith(suffix) and readers.is_readable(clean)


@pytest.mark.parametrize("name, clean", [
    ("../../etc/minutes.txt", "minutes.txt"), ("C:\\Users\\anna\\minutes.txt", "minutes.txt"), (".hidden.txt", "hidden.txt"),
    ("~$minutes.txt", "minutes.txt"), ("what is it?.txt", "what is it_.txt"), ("con.txt", "con_.txt"), ("", "document"),
    ("..", "document"), ("a\nb.txt", "ab.txt"), ("Gruß \u202etxt.md", "Gruß txt.md"), ("протокол.txt", "протокол.txt"),
    ("family 👩\u200d👧.txt", "family 👩\u200d👧.txt"), ("cafe\u0301.txt", "café.txt"),
])  # fmt: skip
def test_a_name_stays_as_near_to_its_own_as_it_can(name, clean):
    assert clean_name(name) == clean


def test_a_given_file_lies_whole_in_a_folder_made_for_it(tmp_path):
    taken = given_file("minutes.txt", b"The pier is mended.\n", tmp_path / "new" / "library")
    assert taken.path == tmp_path / "new" / "library" / "minutes.txt" and not taken.already
    assert lying_in(taken.path.parent) == {"minutes.txt": b"The pier is mended.\n"}


def test_a_given_file_has_the_rights_that_a_saved_one_has(tmp_path):
    (tmp_path / "saved.txt").write_bytes(b"Saved.")
    given_mode = given_file("given.txt", b"Given.", tmp_path).path.stat().st_mode
    assert given_mode == (tmp_path / "saved.txt").stat().st_mode


def test_the_same_file_given_again_is_there_already(tmp_path):
    given_file("minutes.txt", b"The pier is mended.\n", tmp_path)
    again = given_file("minutes.txt", b"The pier is mended.\n", tmp_path)
    assert again.already and lying_in(tmp_path) == {"minutes.txt": b"The pier is mended.\n"}


def test_another_file_of_the_same_name_gets_a_number_and_is_known_by_it_again(tmp_path):
    given_file("minutes.txt.gz", b"Monday", tmp_path)
    assert given_file("minutes.txt.gz", b"Friday", tmp_path).path.name == "minutes (2).txt.gz"
    assert given_file("minutes.txt.gz", b"Sunday", tmp_path).path.name == "minutes (3).txt.gz"
    assert given_file("minutes.txt.gz", b"Friday", tmp_path).already
    assert sorted(lying_in(tmp_path).values()) == [b"Friday", b"Monday", b"Sunday"]


@given(names, st.binary(max_size=50), st.binary(max_size=50))
def test_two_files_of_one_name_are_both_kept_whole(tmp_path_factory, name, first, second):
    library = tmp_path_factory.mktemp("library")
    paths = [given_file(name + "x.txt", content, library).path for content in (first, second)]
    assert [p.read_bytes() for p in paths] == [first, second]
    assert (paths[0] == paths[1]) == (first == second) and {p.parent for p in paths} == {library}
    assert set(lying_in(library)) == {p.name for p in paths}


def test_a_name_that_is_as_long_as_names_may_be_has_room_for_its_number(tmp_path):
    paths = [given_file("ж" * 150 + ".txt", content, tmp_path).path for content in (b"one", b"two")]
    assert paths[1].name.endswith(" (2).txt") and all(len(p.name.encode()) <= 200 for p in paths)


def test_many_who_give_different_files_of_one_name_at_once_all_find_theirs(tmp_path):
    contents = [f"The minutes as number {n} has them.".encode() for n in range(24)]
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda c: given_file("minutes.txt", c, tmp_path), contents))
    assert [t.path.read_bytes() for t in taken] == contents and len(list(tmp_path.iterdir())) == len(contents)


def test_what_lies_under_the_name_is_never_written_over_or_followed(tmp_path):
    outside = tmp_path / "outside.txt"
    outside.write_bytes(b"Private.")
    library = tmp_path / "library"
    (library / "folder.txt").mkdir(parents=True)
    (library / "link.txt").symlink_to(outside)
    (library / "dangling.txt").symlink_to(tmp_path / "nowhere.txt")
    for name in ("folder.txt", "link.txt", "dangling.txt"):
        assert given_file(name, b"Private.", library).path.name == name.replace(".txt", " (2).txt")
    assert outside.read_bytes() == b"Private." and not (tmp_path / "nowhere.txt").exists()


def test_a_format_that_is_not_read_is_refused_with_those_that_are(tmp_path):
    with pytest.raises(SettingError, match=r"^\.exe is not a format that is read: give one of .*\.txt.*\.csv.*\.$"):
        given_file("setup.exe", b"MZ", tmp_path / "library")
    assert not (tmp_path / "library").exists()


def test_a_file_too_large_to_be_read_is_refused_and_nothing_of_it_is_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(readers, "MAX_FILE_BYTES", 2**20)
    assert given_file("fits.txt", b"a" * 2**20, tmp_path).path.exists()
    with pytest.raises(SettingError, match="larger than 1 MiB: split it"):
        given_file("large.txt", b"a" * (2**20 + 1), tmp_path)
    assert list(lying_in(tmp_path)) == ["fits.txt"]


class BreaksOff(io.BytesIO):
    """A file that comes half and then no more."""

    def __init__(self, error: OSError) -> None:
        super().__init__(b"Half of the")
        self.error = error

    def read(self, size: int | None = -1) -> bytes:
        if part := super().read(size):
            return part
        raise self.error


@pytest.mark.parametrize(
    "number, remedy", [(errno.ENOSPC, "make room"), (errno.EACCES, "permissions"), (errno.EIO, "permissions")]
)
def test_a_file_that_comes_half_leaves_nothing_and_says_what_to_do(tmp_path, number, remedy):
    with pytest.raises(SettingError, match=rf"minutes\.txt .*{remedy}"):
        take("minutes.txt", BreaksOff(OSError(number, os.strerror(number))), tmp_path)
    assert not lying_in(tmp_path)


def test_a_library_that_is_no_folder_is_one_sentence(tmp_path):
    (tmp_path / "library").write_text("a file")
    with pytest.raises(SettingError, match=r"cannot be written to .*library .*\.$"):
        given_file("minutes.txt", b"The pier is mended.", tmp_path / "library")


def test_a_file_system_without_links_keeps_two_files_of_one_name_apart_too(tmp_path, monkeypatch):
    def no_links(*_: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", no_links)
    contents = [f"Number {n}.".encode() for n in range(12)]
    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(lambda c: given_file("minutes.txt", c, tmp_path), contents))
    assert [t.path.read_bytes() for t in taken] == contents and len(lying_in(tmp_path)) == len(contents)


def test_what_a_killed_process_left_goes_after_a_day_and_what_is_being_written_stays(tmp_path):
    old, new = tmp_path / ".dixit-taking-old", tmp_path / ".dixit-taking-new"
    for path in (old, new):
        path.write_bytes(b"Half of")
    os.utime(old, (time.time() - 2 * 24 * 3600,) * 2)
    given_file("minutes.txt", b"The pier is mended.", tmp_path)
    assert not old.exists() and new.exists()


def test_a_file_that_is_being_written_is_not_indexed(tmp_path, hashing: Encoder):
    library, store = tmp_path / "library", Store(tmp_path / "store")
    library.mkdir()

    class Looks(io.BytesIO):
        """A file in whose midst the folder is looked through."""

        def read(self, size: int | None = -1) -> bytes:
            part = super().read(size)
            if not part:
                assert sync(store, hashing, [library]).added == []
            return part

    take("minutes.txt", Looks(b"The pier is mended.\n"), library)
    assert sync(store, hashing, [library]).added == ["library/minutes.txt"]
