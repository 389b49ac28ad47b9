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
    connector: hyper_tls::native_tls::TlsConnector,
}

#[cfg(feature = "rustls")]
impl Tls {
    /// Makes settings with the root certificates of the system and those in `roots`, in PEM format. The cryptography provider is set
    /// explicitly, because the default provider of the process belongs to the application.
    pub(super) fn new(roots: &[Vec<u8>]) -> Result<Self, BoxError> {
        use rustls::pki_types::CertificateDer;
        use rustls::pki_types::pem::PemObject as _;
        use rustls_platform_verifier::Verifier;
        use std::sync::Arc;

        let certificates =
            roots.iter().flat_map(|pem| CertificateDer::pem_slice_iter(pem)).collect::<Result<Vec<_>, _>>()?;
        if certificates.len() < roots.len() {
            return Err("a root certificate is not in PEM format".into());
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
        let mut builder = hyper_tls::native_tls::TlsConnector::builder();
        for pem in roots {
            // `from_pem` reads the first certificate only.
            const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
            let text = std::str::from_utf8(pem)?;
            let (_, certificates) = text.split_once(BEGIN).ok_or("a root certificate is not in PEM format")?;
            for certificate in certificates.split(BEGIN) {
                let certificate = format!("{BEGIN}{certificate}");
                builder.add_root_certificate(hyper_tls::native_tls::Certificate::from_pem(certificate.as_bytes())?);
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
