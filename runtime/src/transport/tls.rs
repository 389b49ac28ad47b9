//! TLS of the default transport: rustls or native-tls, depending on the enabled feature. If both are enabled, rustls is used.

use hyper_util::client::legacy::connect::HttpConnector;

use super::BoxError;

/// A connector that uses TLS if the scheme is https.
#[cfg(feature = "rustls")]
pub(super) type Secure<C> = hyper_rustls::HttpsConnector<C>;
#[cfg(all(feature = "native-tls", not(feature = "rustls")))]
pub(super) type Secure<C> = hyper_tls::HttpsConnector<C>;
#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
pub(super) type Secure<C> = C;

/// The TLS settings: how servers are authenticated.
#[derive(Clone)]
pub(super) struct Tls {
    /// Offers HTTP/2, if the feature `http2` is enabled, and HTTP/1.1.
    #[cfg(feature = "rustls")]
    to_server: std::sync::Arc<rustls::ClientConfig>,
    /// The same without HTTP/2, which is not used between the client and a proxy.
    #[cfg(feature = "rustls")]
    to_proxy: std::sync::Arc<rustls::ClientConfig>,
    #[cfg(all(feature = "native-tls", not(feature = "rustls")))]
    connector: native_tls::TlsConnector,
}

/// The error for a text that contains no certificate.
#[cfg(any(feature = "rustls", feature = "native-tls"))]
const NO_CERTIFICATE: &str = "the text of a root certificate contains no certificate in PEM format";

/// All certificates of a text in PEM format. It is an error if there is none.
#[cfg(feature = "rustls")]
fn certificates(pem: &[u8]) -> Result<Vec<rustls::pki_types::CertificateDer<'static>>, BoxError> {
    use rustls::pki_types::CertificateDer;
    use rustls::pki_types::pem::PemObject as _;

    let certificates = CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>()?;
    if certificates.is_empty() { Err(NO_CERTIFICATE.into()) } else { Ok(certificates) }
}

/// All certificates of a text in PEM format. It is an error if there is none.
#[cfg(all(feature = "native-tls", not(feature = "rustls")))]
fn certificates(pem: &[u8]) -> Result<Vec<native_tls::Certificate>, BoxError> {
    // On Windows, `stack_from_pem` panics if the text is not UTF-8.
    std::str::from_utf8(pem)?;
    // With OpenSSL and on Windows, the result for a text without a certificate is an empty list and not an error.
    let certificates = native_tls::Certificate::stack_from_pem(pem)?;
    if certificates.is_empty() { Err(NO_CERTIFICATE.into()) } else { Ok(certificates) }
}

#[cfg(feature = "rustls")]
impl Tls {
    /// Makes settings with the root certificates of the system and those in `roots`, in PEM format. The cryptography provider is set
    /// explicitly, because the default provider of the process belongs to the application.
    pub(super) fn new(roots: &[Vec<u8>]) -> Result<Self, BoxError> {
        use rustls_platform_verifier::Verifier;
        use std::sync::Arc;

        let mut certificates = Vec::new();
        for pem in roots {
            certificates.append(&mut self::certificates(pem)?);
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let verifier = match certificates.is_empty() {
            true => Verifier::new(provider.clone())?,
            false => Verifier::new_with_extra_roots(certificates, provider.clone())?,
        };
        // rustls calls every verifier dangerous that is not its own. This one verifies certificates as the operating system does.
        let to_proxy = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        let mut to_server = to_proxy.clone();
        if cfg!(feature = "http2") {
            to_server.alpn_protocols.push(b"h2".to_vec());
        }
        to_server.alpn_protocols.push(b"http/1.1".to_vec());
        Ok(Self { to_server: Arc::new(to_server), to_proxy: Arc::new(to_proxy) })
    }

    pub(super) fn to_server<C>(&self, connector: C) -> Secure<C> {
        (connector, self.to_server.clone()).into()
    }

    pub(super) fn to_proxy(&self, connector: HttpConnector) -> Secure<HttpConnector> {
        (connector, self.to_proxy.clone()).into()
    }
}

#[cfg(all(feature = "native-tls", not(feature = "rustls")))]
impl Tls {
    /// Makes settings with the root certificates of the system and those in `roots`, in PEM format.
    pub(super) fn new(roots: &[Vec<u8>]) -> Result<Self, BoxError> {
        let mut builder = native_tls::TlsConnector::builder();
        for pem in roots {
            for certificate in certificates(pem)? {
                builder.add_root_certificate(certificate);
            }
        }
        Ok(Self { connector: builder.build()? })
    }

    pub(super) fn to_server<C>(&self, connector: C) -> Secure<C> {
        (connector, self.connector.clone().into()).into()
    }

    pub(super) fn to_proxy(&self, connector: HttpConnector) -> Secure<HttpConnector> {
        self.to_server(connector)
    }
}

#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
impl Tls {
    pub(super) fn new(roots: &[Vec<u8>]) -> Result<Self, BoxError> {
        if roots.is_empty() {
            Ok(Self {})
        } else {
            Err("a root certificate was set, but TLS is not available: enable the feature `rustls` or `native-tls`"
                .into())
        }
    }

    pub(super) fn to_server<C>(&self, connector: C) -> Secure<C> {
        connector
    }

    pub(super) fn to_proxy(&self, connector: HttpConnector) -> Secure<HttpConnector> {
        connector
    }
}

#[cfg(all(test, any(feature = "rustls", feature = "native-tls")))]
mod tests {
    use super::*;

    /// Two certificates that are signed with their own keys.
    const TWO: &str = "\
the first one
-----BEGIN CERTIFICATE-----
MIIBhDCCASmgAwIBAgIUAJuq7vJfC+rOohVIVVOsSQeftSswCgYIKoZIzj0EAwIw
FjEUMBIGA1UEAwwLVGVzdCByb290IDEwIBcNMjYxMTMwMDk1MDI4WhgPMjEyNjEx
MDYwOTUwMjhaMBYxFDASBgNVBAMMC1Rlc3Qgcm9vdCAxMFkwEwYHKoZIzj0CAQYI
KoZIzj0DAQcDQgAEPYCgpGGoK8ahIoQLhpy9Wf54S+TKFNfG5O4GviuuWL5qVNDk
HAvRVkR5Tim1WtRByJZ+2Bs1FWyKw7G0zmMRnaNTMFEwHQYDVR0OBBYEFD8ffQyu
Os0sxLci+CO+648k7SNBMB8GA1UdIwQYMBaAFD8ffQyuOs0sxLci+CO+648k7SNB
MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSQAwRgIhALGq3sahkSbB7CDC
DrvQ5nM8iRQmXi/OF28fqbswO0TXAiEAggM7+NOsAj6VbW6KOo7r49BYfpSBsSFO
eaoGCMB0Qh4=
-----END CERTIFICATE-----

the second one
-----BEGIN CERTIFICATE-----
MIIBgzCCASmgAwIBAgIUTMnYWidGkyPl16QiXHI68WihcJ8wCgYIKoZIzj0EAwIw
FjEUMBIGA1UEAwwLVGVzdCByb290IDIwIBcNMjYxMTMwMDk1MDI4WhgPMjEyNjEx
MDYwOTUwMjhaMBYxFDASBgNVBAMMC1Rlc3Qgcm9vdCAyMFkwEwYHKoZIzj0CAQYI
KoZIzj0DAQcDQgAEogjaIqRF/YHuwkqT8pLDfevxt+s8Cx+Aou3nc2eKyQ43lsah
o2tIBzoIK6l58OkpeVGMXU5SjoNh8snTwuL2tKNTMFEwHQYDVR0OBBYEFAaLG9dN
u8S/VDFVPAelhx8y7Wl0MB8GA1UdIwQYMBaAFAaLG9dNu8S/VDFVPAelhx8y7Wl0
MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIgcdBPg4ac3Se4sgBx
BJtazrsjFhvQjXt+y+7GzRLL5LMCIQDpyfgQWuJVXuppfXR/Pc38r07GM/v7b65z
S7vKslkzHA==
-----END CERTIFICATE-----
";

    #[test]
    fn each_certificate_of_a_text_is_read() {
        let [first, second] = <[_; 2]>::try_from(certificates(TWO.as_bytes()).unwrap()).ok().unwrap();
        #[cfg(not(feature = "rustls"))]
        let [first, second] = [first, second].map(|certificate| certificate.to_der().unwrap());
        assert_ne!(first, second);
        assert!(Tls::new(&[TWO.into()]).is_ok());
    }

    #[test]
    fn a_text_without_a_certificate_is_refused_also_if_another_text_has_some() {
        for text in ["", "no certificate"] {
            let error = Tls::new(&[TWO.into(), text.into()]).err().unwrap();
            assert_eq!(error.to_string(), NO_CERTIFICATE, "{text}");
        }
    }

    #[test]
    fn a_text_whose_last_certificate_is_cut_off_is_refused() {
        assert!(Tls::new(&[TWO[..TWO.len() - 100].into()]).is_err());
    }
}
