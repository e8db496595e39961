"""The internal authority that seals editions: made on first use, on the server, for one organisation.

Three keys: the root, which signs only the other two certificates and the list of revocations; the seal; the time stamp.
The seal is an advanced electronic seal (Regulation (EU) 910/2014, article 36), never a qualified one: its certificate
comes from nobody but the organisation, and readers such as Adobe's show it as unknown until the root is trusted.
"""

import fcntl
import os
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from stringprep import in_table_a1, in_table_d1

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_NAME_LIMIT = 64  # of a name's part (X.520, ub-common-name); counted in bytes, the stricter reading
_YEARS = {"root": 40, "seal": 30, "tsa": 30}
_TITLES = {"root": "Autorité interne", "seal": "Cachet des éditions", "tsa": "Horodatage interne"}
_CRL_DAYS, _CRL_REFRESH_DAYS = 60, 20
_DONE = "root.pem"  # written last: it says that everything else is there


class AuthorityError(Exception):
    """The authority's files cannot be read: wrong passphrase, or something is missing."""


@dataclass(frozen=True, slots=True)
class Authority:
    """Certificates and the current list of revocations in DER, and the two keys that sign editions (PKCS 8, DER)."""

    root: bytes
    seal: bytes
    tsa: bytes
    crl: bytes
    seal_key: bytes
    tsa_key: bytes

    @classmethod
    def load_or_create(cls, folder: Path, *, organisation: str, passphrase: str = "") -> "Authority":
        """Return the authority of `folder`, made now if there is none; several processes may ask at once.

        Keys are files that only their owner reads (0600, in 0700), encrypted when a passphrase is given. The name of the
        organisation is fixed when the authority is made. Raises AuthorityError when its files cannot be read.
        """
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        files = _Files(folder, passphrase.encode())
        with files.locked():
            if not (folder / _DONE).exists():
                _create(files, _clean(organisation))
            _refresh_revocations(files)
            return cls(
                root=files.certificate("root").public_bytes(Encoding.DER),
                seal=files.certificate("seal").public_bytes(Encoding.DER),
                tsa=files.certificate("tsa").public_bytes(Encoding.DER),
                crl=files.read("crl.der"),
                seal_key=_der(files.key("seal")),
                tsa_key=_der(files.key("tsa")),
            )


@dataclass(frozen=True, slots=True)
class _Files:
    """The authority's folder."""

    folder: Path
    passphrase: bytes

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One process at a time; the system lets go of the lock when a process dies."""
        descriptor = os.open(self.folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def read(self, name: str) -> bytes:
        try:
            return (self.folder / name).read_bytes()
        except OSError as error:
            raise AuthorityError(f"{name}: {error.strerror}") from error

    def write(self, name: str, content: bytes) -> None:
        """Whole or not at all, whenever the machine stops."""
        draft = self.folder / f".{name}.draft"
        draft.unlink(missing_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.folder / name)

    def certificate(self, name: str) -> x509.Certificate:
        try:
            return x509.load_pem_x509_certificate(self.read(f"{name}.pem"))
        except ValueError as error:
            raise AuthorityError(f"{name}.pem: {error}") from error

    def key(self, name: str) -> rsa.RSAPrivateKey:
        try:
            key = load_pem_private_key(self.read(f"{name}.key"), self.passphrase or None)
        except (TypeError, ValueError) as error:  # a passphrase too few, too many, or wrong
            raise AuthorityError(f"{name}.key: {error}") from error
        if not isinstance(key, rsa.RSAPrivateKey):
            raise AuthorityError(f"{name}.key: not an RSA key")
        return key

    def write_key(self, name: str, key: rsa.RSAPrivateKey) -> None:
        encryption: KeySerializationEncryption = (
            BestAvailableEncryption(self.passphrase) if self.passphrase else NoEncryption()
        )
        self.write(f"{name}.key", key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption))


def _create(files: _Files, organisation: str) -> None:
    keys = {name: rsa.generate_private_key(65537, 3072) for name in _TITLES}
    for name, key in keys.items():
        files.write_key(name, key)
    made = {name: _certificate(name, organisation, keys[name], keys["root"]) for name in ("seal", "tsa", "root")}
    files.write("crl.der", _revocations(made["root"], keys["root"], 1))
    for name, certificate in made.items():
        files.write(f"{name}.pem", certificate.public_bytes(Encoding.PEM))


def _certificate(name: str, organisation: str, key: rsa.RSAPrivateKey, root: rsa.RSAPrivateKey) -> x509.Certificate:
    now, is_root = datetime.now(UTC), name == "root"
    usage = x509.KeyUsage(
        digital_signature=not is_root,
        content_commitment=name == "seal",
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_root,
        crl_sign=is_root,
        encipher_only=False,
        decipher_only=False,
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(name, organisation))
        .issuer_name(_name("root", organisation))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365 * _YEARS[name]))
        .add_extension(x509.BasicConstraints(ca=is_root, path_length=0 if is_root else None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root.public_key()), critical=False)
    )
    if name == "tsa":  # RFC 3161, 2.3: this usage alone, critical
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return builder.sign(root, hashes.SHA256())


def _name(name: str, organisation: str) -> x509.Name:
    common = _fitted(f"{_TITLES[name]}, {organisation}")
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _refresh_revocations(files: _Files) -> None:
    """Nothing is ever on the list; validators ask for one all the same, and refuse one that is out of date."""
    current = x509.load_der_x509_crl(files.read("crl.der"))
    expiry = current.next_update_utc
    if expiry is not None and expiry - datetime.now(UTC) > timedelta(days=_CRL_REFRESH_DAYS):
        return
    number = current.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
    files.write("crl.der", _revocations(files.certificate("root"), files.key("root"), number + 1))


def _revocations(root: x509.Certificate, key: rsa.RSAPrivateKey, number: int) -> bytes:
    now = datetime.now(UTC)
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(root.subject)
        .last_update(now - timedelta(hours=1))
        .next_update(now + timedelta(days=_CRL_DAYS))
        .add_extension(x509.CRLNumber(number), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
    )
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


def _der(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def _clean(organisation: str) -> str:
    """A name as a certificate can hold it: not too long, and without what validators refuse to compare.

    They compare names by RFC 4518, on Unicode 3.2 (no emoji), and refuse both directions of writing in one name.
    """
    refused = (in_table_a1, in_table_d1, lambda c: unicodedata.category(c)[0] == "C")
    shown = "".join(" " if any(table(c) for table in refused) else c for c in organisation)
    return _fitted(" ".join(shown.split())) or "Cocharte"


def _fitted(name: str) -> str:
    return name.encode()[:_NAME_LIMIT].decode(errors="ignore").rstrip()
