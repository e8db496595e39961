"""The seal on a published edition: PAdES B-LT in one revision, which allows no later change, and its verification.

« Cachet électronique avancé (non qualifié) », with an internal time stamp. Offline: everything a validator needs is in
the file (time stamp, certificates, list of revocations), and what this module checks, it checks without a network.
"""

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import core, crl, keys, x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers.pdf_signer import DSSContentSettings, SigDSSPlacementPreference
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko.stamp import NoOpStampStyle
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from charters.documents.authority import Authority
from charters.documents.pdf_structure import FIELD_NAME

# An arc made from a UUID (ITU-T X.667), which nobody has to grant: « internal time stamp of a Cocharte installation ».
_TIMESTAMP_POLICY = "2.25.196556539987194312349856245628873852187"


class SealingError(Exception):
    """The file was not sealed, or its own seal did not verify; the message says what failed."""


@dataclass(frozen=True, slots=True)
class SealReport:
    """What verification found. `trusted`: signed by this installation's authority, with a time stamp of its own.

    `modified` is true when a byte changed or anything was added after sealing; a file without a seal is all False.
    """

    intact: bool
    whole_document: bool
    trusted: bool
    signed_at: datetime | None
    signer: str
    modified: bool

    @property
    def valid(self) -> bool:
        """Whether the file is, whole, what this installation sealed."""
        return self.intact and self.whole_document and self.trusted and not self.modified


class _Writer(IncrementalPdfFileWriter):
    """Leaves the XMP metadata alone: pyHanko rewrites it at each revision in a form that PDF/A validators refuse."""

    def _update_meta(self) -> None:
        pass


class _TimeStamper(DummyTimeStamper):
    """pyHanko's local time stamper, under a policy of our own instead of another authority's."""

    def _build_tst_info(self, *args: Any, **kwargs: Any) -> Any:
        info = super()._build_tst_info(*args, **kwargs)
        info["policy"] = core.ObjectIdentifier(_TIMESTAMP_POLICY)
        return info


def seal(pdf: bytes, *, authority: Authority, reason: str, name: str) -> bytes:
    """Return `pdf` (from `pdf.render_pdf`: it has the field) sealed. Raises SealingError; never returns a bad seal."""
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD_NAME,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        reason=reason,
        name=name,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        embed_validation_info=True,
        validation_context=_context(authority),
        dss_settings=DSSContentSettings(include_vri=False, placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE),
    )
    signer = signers.PdfSigner(
        metadata,
        signer=signers.SimpleSigner(
            signing_cert=_certificate(authority.seal),
            signing_key=_key(authority.seal_key),
            cert_registry=_store(authority),
        ),
        timestamper=_TimeStamper(
            tsa_cert=_certificate(authority.tsa), tsa_key=_key(authority.tsa_key), certs_to_embed=_store(authority)
        ),
        stamp_style=NoOpStampStyle(),  # the default stamp brings a font that is not embedded, and transparency
    )
    try:
        output = _apart(lambda: signer.sign_pdf(_Writer(io.BytesIO(pdf)), existing_fields_only=True))
    except Exception as error:  # pyHanko raises many kinds; whichever it is, there is no seal
        raise SealingError(str(error)) from error
    sealed = bytes(output.getbuffer())
    report = verify(sealed, authority=authority)
    if not (report.valid and report.signed_at):
        raise SealingError(f"The seal does not verify: {report}")
    return sealed


def verify(pdf: bytes, *, authority: Authority) -> SealReport:
    """Tell what the seal of a file is worth here. Never raises: any file may be handed in."""
    try:
        return _apart(lambda: _verify(pdf, authority))
    except Exception:  # noqa: BLE001 (a file that cannot be read as a sealed PDF, in any of a hundred ways, has no seal)
        return SealReport(intact=False, whole_document=False, trusted=False, signed_at=None, signer="", modified=False)


def _verify(pdf: bytes, authority: Authority) -> SealReport:
    signature = next(s for s in PdfFileReader(io.BytesIO(pdf)).embedded_signatures if s.field_name == FIELD_NAME)
    status = validate_pdf_signature(signature, _context(authority), _context(authority))
    stamp = status.timestamp_validity
    stamped = stamp is not None and stamp.valid and stamp.trusted
    untouched = status.modification_level in {None, ModificationLevel.NONE}
    whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    return SealReport(
        intact=status.intact and status.valid,
        whole_document=whole,
        trusted=status.trusted and stamped,
        signed_at=stamp.timestamp if stamped else None,
        signer=status.signing_cert.subject.native.get("common_name", ""),
        modified=not (status.intact and whole and untouched),
    )


def _context(authority: Authority) -> ValidationContext:
    return ValidationContext(
        trust_roots=[_certificate(authority.root)],
        crls=[crl.CertificateList.load(authority.crl)],
        allow_fetching=False,
        revocation_mode="hard-fail",
    )


def _certificate(der: bytes) -> x509.Certificate:
    return x509.Certificate.load(der)


def _key(der: bytes) -> keys.PrivateKeyInfo:
    return keys.PrivateKeyInfo.load(der)


def _store(authority: Authority) -> SimpleCertificateStore:
    store = SimpleCertificateStore()
    store.register(_certificate(authority.root))
    return store


def _apart(work: Callable[[], Any]) -> Any:
    """PyHanko starts an event loop of its own, which fails in a thread that has one."""
    with ThreadPoolExecutor(1) as executor:
        return executor.submit(work).result()
