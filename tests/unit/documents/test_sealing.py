import io
import multiprocessing
import stat
import subprocess
from datetime import UTC, datetime, timedelta

import pikepdf
import pytest
import time_machine
from cryptography import x509

from charters.documents.authority import Authority, AuthorityError
from charters.documents.pdf import render_pdf
from charters.documents.sealing import SealingError, seal, verify
from tests import needs

ODD_NAMES = ['Société "G" & Fils \\ </style>', "é" * 200, "🎉🎉 חברה a\x00b, CN=x + O=y", ""]


@pytest.fixture(scope="module")
def unsealed(edition):
    if needs.NO_PDF:
        pytest.skip("Pango is not on this machine")
    return render_pdf(edition(sections=edition().sections[:1], polls=()))


@pytest.fixture(scope="module")
def sealed(unsealed, authority):
    return seal(unsealed, authority=authority, reason="Édition 1 adoptée", name="Orvane")


def test_the_seal_covers_the_whole_file_and_is_ours(sealed, authority):
    report = verify(sealed, authority=authority)
    assert report.valid
    assert (report.intact, report.whole_document, report.trusted, report.modified) == (True, True, True, False)
    assert abs(datetime.now(UTC) - report.signed_at) < timedelta(minutes=5)
    assert report.signer == "Cachet des éditions, Orvane"


def test_sealing_adds_one_revision_and_touches_nothing_that_was_there(sealed, unsealed):
    assert sealed.startswith(unsealed)
    with pikepdf.open(io.BytesIO(unsealed)) as before, pikepdf.open(io.BytesIO(sealed)) as after:
        assert after.Root.Metadata.read_bytes() == before.Root.Metadata.read_bytes()
        assert len(after.Root.DSS.CRLs) == 1
        assert after.Root.Perms.DocMDP.Reference[0].TransformParams.P == 1
        assert {str(f.BaseFont) for p in after.pages for f in p.Resources.Font.values()} == {
            str(f.BaseFont) for p in before.pages for f in p.Resources.Font.values()
        }


@pytest.mark.parametrize("place", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_one_changed_byte_is_seen(sealed, unsealed, authority, place):
    tampered = bytearray(sealed)
    tampered[int(len(unsealed) * place)] ^= 1
    report = verify(bytes(tampered), authority=authority)
    assert not report.valid
    assert not report.intact or report.modified


def test_anything_added_is_seen(sealed, authority):
    report = verify(sealed + b"\n% added", authority=authority)
    assert not report.valid
    assert report.modified
    with pikepdf.open(io.BytesIO(sealed)) as pdf:
        pdf.docinfo["/Title"] = "Autre"
        rewritten = io.BytesIO()
        pdf.save(rewritten)
    assert not verify(rewritten.getvalue(), authority=authority).valid


def test_another_authority_does_not_trust_it(sealed, tmp_path):
    report = verify(sealed, authority=Authority.load_or_create(tmp_path, organisation="Orvane"))
    assert report.intact
    assert not report.trusted
    assert not report.valid


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"hello", b"%PDF-1.7\n" + b"\xff" * 5000])
def test_a_file_that_is_no_pdf_has_no_seal(content, authority):
    assert not verify(content, authority=authority).valid


def test_a_file_without_a_seal(unsealed, authority):
    report = verify(unsealed, authority=authority)
    assert (report.valid, report.signer, report.signed_at) == (False, "", None)


def test_a_file_without_the_field_is_not_sealed(authority):
    blank = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(blank)
    with pytest.raises(SealingError):
        seal(blank.getvalue(), authority=authority, reason="x", name="x")


def test_it_is_not_sealed_twice(sealed, authority):
    with pytest.raises(SealingError):
        seal(sealed, authority=authority, reason="x", name="x")


def test_other_programs_agree(sealed, program, tmp_path):
    path = tmp_path / "sealed.pdf"
    path.write_bytes(sealed)
    said = subprocess.run([program("pdfsig"), path], capture_output=True, text=True, check=False).stdout
    assert "Total document signed" in said
    assert "Signature is Valid" in said
    assert "ETSI.CAdES.detached" in said


def test_a_seal_still_verifies_ten_years_later(sealed, tmp_path, unsealed):
    made = Authority.load_or_create(tmp_path, organisation="Orvane")
    content = seal(unsealed, authority=made, reason="x", name="x")
    with time_machine.travel(datetime.now(UTC) + timedelta(days=3650), tick=True):
        later = Authority.load_or_create(tmp_path, organisation="Orvane")
        assert later.crl != made.crl
        assert later.seal == made.seal
        assert verify(content, authority=later).valid


# ── Authority ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_keys_are_for_their_owner_alone(tmp_path):
    folder = tmp_path / "a" / "authority"
    made = Authority.load_or_create(folder, organisation="Orvane", passphrase="secret")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert all(b"ENCRYPTED" in path.read_bytes() for path in folder.glob("*.key"))
    assert Authority.load_or_create(folder, organisation="Autre", passphrase="secret") == made
    for wrong in ("", "faux"):
        with pytest.raises(AuthorityError):
            Authority.load_or_create(folder, organisation="Orvane", passphrase=wrong)


def test_an_authority_that_was_cut_short_is_made_again_and_a_damaged_one_is_not(tmp_path):
    (tmp_path / "root.key").write_text("cut")
    Authority.load_or_create(tmp_path, organisation="Orvane")
    (tmp_path / "seal.key").unlink()
    with pytest.raises(AuthorityError):
        Authority.load_or_create(tmp_path, organisation="Orvane")


@pytest.mark.parametrize("name", ODD_NAMES)
def test_names_that_a_certificate_cannot_hold_are_fitted(name, tmp_path, unsealed):
    made = Authority.load_or_create(tmp_path, organisation=name)
    subject = x509.load_der_x509_certificate(made.seal).subject
    assert all(0 < len(part.value.encode()) <= 64 for part in subject)
    assert "qualif" not in subject.rfc4514_string().lower()
    content = seal(unsealed, authority=made, reason=name or "x", name=name or "x")
    assert verify(content, authority=made).valid


def _load(folder, organisation, queue):
    queue.put(Authority.load_or_create(folder, organisation=organisation).seal)


def test_four_processes_make_one_authority(tmp_path):
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    processes = [context.Process(target=_load, args=(tmp_path, f"Orvane {n}", queue)) for n in range(4)]
    for process in processes:
        process.start()
    seals = {queue.get(timeout=60) for _ in processes}
    for process in processes:
        process.join(30)
    assert len(seals) == 1
